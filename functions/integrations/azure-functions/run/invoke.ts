import { Fault } from "#shared/errors";
import type { Api, ApiBody } from "#shared/integration";
import * as z from "zod";
import type { Call } from "../actions/functions/invoke-function.ts";
import type { Site } from "../client.ts";
import { atHost } from "../hosts.ts";
import { type FunctionAnswer, readFunction, readFunctionKeys, readHostKeys } from "../functions.ts";

/** What a function may mean to say; 401, 403 and 429 are the host's, and 5xx are failures. */
const ANSWERS = [400, 404, 405, 406, 409, 410, 412, 415, 422];
const MAX_BYTES = 4 * 1024 * 1024;

/** Calls a function. Throws `failed_precondition` from `caller` for one that cannot be called so. */
export async function invoke(
  api: Api,
  { function: name, method, route, query, json, text, contentType, ...at }: z.output<typeof Call>,
) {
  const found = await readFunction(api, at, name);
  const url = new URL(addressOf(found, route));
  const key = await keyOf(api, at, found);
  const body: ApiBody | undefined =
    text === undefined || json !== undefined
      ? undefined
      : { kind: "text", text, type: contentType };
  const answer = await api.send({
    method,
    ...atHost("app", url.host, url.pathname),
    query,
    headers: { accept: "*/*", "x-functions-key": key },
    ...(json === undefined ? {} : { json }),
    ...(body === undefined ? {} : { body }),
    read: "text",
    accept: ANSWERS,
    maxBytes: MAX_BYTES,
    response: z.string(),
  });
  return {
    status: answer.status,
    contentType: answer.headers["content-type"],
    text: answer.body,
  };
}

/** Fills the places in braces of the address that the vendor gives out. */
function addressOf(
  { name, trigger, url }: z.output<typeof FunctionAnswer>,
  route: Readonly<Record<string, string | number>>,
): string {
  if (url === undefined || (trigger !== undefined && trigger.kind !== "http")) {
    throw refuse(`${name} is not started by HTTP; use run-function`);
  }
  // {id}, {id:int}, {id?}, {*rest}, {id=5}: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint
  const filled = url.replaceAll(
    /\/?\{(\*?)(\w+)([^{}]*)\}/g,
    (place, all: string, part: string, rules: string) => {
      const value = Object.hasOwn(route, part) ? route[part] : undefined;
      if (value === undefined && (all !== "" || /[?=]/.test(rules))) return "";
      const text = String(value ?? "");
      const segments = all === "" ? [text] : text.split("/");
      if (segments.some((one) => /^\.{0,2}$/.test(one))) {
        throw refuse(`its route needs "${part}"; give it in route`);
      }
      return (place.startsWith("/") ? "/" : "") + segments.map(encodeURIComponent).join("/");
    },
  );
  if (!/[{}]/.test(filled)) return filled;
  throw refuse("its route has a pattern that cannot be filled; call its address yourself");
}

/** The key for the level that the function asks for. Where the level is not told, a key of its own does no harm. */
async function keyOf(
  api: Api,
  at: Site,
  { name, trigger }: z.output<typeof FunctionAnswer>,
): Promise<string | undefined> {
  const level = trigger?.kind === "http" ? trigger.auth : "function";
  if (level === "anonymous") return undefined;
  if (level === "admin") return (await readHostKeys(api, at)).masterKey;
  const keys = await readFunctionKeys(api, at, name);
  const key = keys["default"] ?? Object.values(keys)[0];
  if (key !== undefined) return key;
  throw refuse(`${name} has no key; make one with set-key`);
}

function refuse(what: string): Fault {
  return new Fault("failed_precondition", `azure-functions.invoke-function: ${what}`, {
    origin: "caller",
  });
}
