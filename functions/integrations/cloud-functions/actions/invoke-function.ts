import { type Api, defineAction, issuedUrl, path } from "#shared/integration";
import { Fault } from "#shared/errors";
import * as z from "zod";
import { account, functionId, inRegion, location } from "../client.ts";
import { FunctionAnswer } from "./get-function.ts";

/** What is sent to a function or a service. */
export const call = {
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("POST"),
  /** With its query. */
  path: z
    .string()
    .regex(/^\/[!-~]*$/)
    .max(2_000)
    .default("/"),
  headers: z
    .record(
      z
        .string()
        .regex(
          /^(?!authorization$|host$|content-length$|transfer-encoding$|connection$)[a-z0-9-]+$/,
        ),
      z.string().regex(/^[ -~]*$/),
    )
    .optional(),
  json: z.json().optional(),
  text: z.string().max(4_000_000).optional(),
  /** The service account that calls, instead of the connection's `invoker`; without either nobody in particular does. */
  as: account.optional(),
  timeoutSeconds: z.int().min(1).max(540).default(60),
};

const Call = z.object(call);

/** What it answered. A body that is no text is in `base64`. */
export const Called = z.object({
  status: z.int(),
  contentType: z.string().nullable(),
  text: z.string().nullable(),
  base64: z.string().nullable(),
});

/** What a function or a service says of a request is an answer; these are Google's, about who may call and how often. */
const answers = Array.from({ length: 200 }, (_, index) => 300 + index).filter(
  (status) => ![401, 403, 408, 429].includes(status),
);

export const invokeFunction = defineAction({
  summary: "Call a function over HTTP, with an ID token of a service account",
  docs: "https://cloud.google.com/functions/docs/securing/authenticating",
  scopes: [
    "cloudfunctions.functions.get",
    "run.routes.invoke",
    "iam.serviceAccounts.getOpenIdToken",
  ],
  effect: "write",
  idempotency: { kind: "none", why: "what a second call does is up to the function" },
  input: z.object({ id: functionId, location, ...call }),
  output: Called,
  async run(api, { id, location: asked, ...given }) {
    const { url } = await api.request({
      method: "GET",
      path: path`${inRegion(api, asked)}/functions/${id}`,
      response: FunctionAnswer,
    });
    return callUrl(api, url, url, given);
  },
});

/** Calls what Google gave as the address of a function or service. The audience is the address without a tag. */
export async function callUrl(
  api: Api,
  url: string | null,
  audience: string | null,
  given: z.infer<typeof Call>,
): Promise<z.infer<typeof Called>> {
  if (url === null || audience === null) {
    const message = "cloud-functions.invoke: it has no address yet; wait until it is deployed";
    throw new Fault("failed_precondition", message, { origin: "caller" });
  }
  const caller = given.as ?? (api.config["invoker"] || undefined);
  const token = caller === undefined ? undefined : await idToken(api, caller, audience);
  const { status, headers, body } = await api.send({
    method: given.method,
    host: hostOf(url),
    path: issuedUrl(url.replace(/\/$/, "") + given.path),
    headers: { ...given.headers, authorization: token && `Bearer ${token}` },
    ...(given.text === undefined ? { json: given.json } : { body: textBody(given) }),
    timeoutSeconds: given.timeoutSeconds,
    read: "bytes",
    response: z.instanceof(Uint8Array),
    accept: answers,
  });
  return { status, contentType: headers["content-type"] ?? null, ...readable(body) };
}

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken */
async function idToken(api: Api, caller: string, audience: string): Promise<string> {
  const { token } = await api.request({
    method: "POST",
    host: "credentials",
    path: path`/projects/-/serviceAccounts/${caller}:generateIdToken`,
    json: { audience, includeEmail: true },
    safe: true,
    response: z.object({ token: z.string().regex(/^[!-~]+$/) }),
  });
  return token;
}

/** Services have an address by a hash and one by project and region, functions of the first generation another one. */
function hostOf(url: string): string {
  const host = URL.parse(url)?.hostname ?? "";
  if (host.endsWith(".cloudfunctions.net")) return "functions";
  return host.endsWith(".a.run.app") ? "services" : "regional-services";
}

function textBody({ text = "", headers }: z.infer<typeof Call>) {
  return {
    kind: "text",
    text,
    type: headers?.["content-type"] ?? "text/plain; charset=utf-8",
  } as const;
}

function readable(body: Uint8Array): Pick<z.infer<typeof Called>, "text" | "base64"> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(body), base64: null };
  } catch {
    return { text: null, base64: Buffer.from(body).toString("base64") };
  }
}
