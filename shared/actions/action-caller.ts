import { Agent, type IncomingMessage, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { type Code, codes, Fault, toFault } from "#shared/errors";
import type { ActionCall, ActionDriver } from "#shared/function";
import * as z from "zod";
import type { GatewayActionsOptions } from "./gateway-actions.ts";

const isCode = (value: string): value is Code => Object.hasOwn(codes, value);

const Problem = z.object({
  code: z.string().refine(isCode),
  detail: z.string(),
  origin: z.enum(["caller", "upstream", "platform", "self"]),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** Where a call goes, and with which token. */
type Address = { readonly url: URL; readonly token: string };

/** Actions by HTTP, as anybody else calls them: shown and recorded like any other call. */
export function actionCaller({
  urlOf,
  tokenOf,
  runtime,
}: GatewayActionsOptions): ActionDriver["call"] {
  // Below the gateway's own keep-alive time, so that no request meets a connection that is just being closed.
  const options = { keepAlive: true, timeout: 30_000 };
  const agents = { plain: new Agent(options), tls: new TlsAgent(options) };
  return async (call, signal) => {
    const { integration, path } = pathOf(call);
    const to = { url: new URL(path, urlOf(integration)), token: await tokenOf(call.tenant) };
    const response = await post(to, call, runtime, agents, signal);
    const body = await text(response).catch((error: unknown) => {
      throw unreachable(error, signal);
    });
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return parse(body);
    throw faultOf(status, body, response.headers["retry-after"]);
  };
}

function pathOf({ action }: ActionCall): { readonly integration: string; readonly path: string } {
  const [integration = "", name = "", ...rest] = action.split(".");
  if (integration === "" || name === "" || rest.length > 0) {
    throw new Fault(
      "invalid_argument",
      `actions.call: "${action}" is no action; use "a.verb-noun"`,
    );
  }
  const path = `/v1/integrations/${encodeURIComponent(integration)}/actions/${encodeURIComponent(name)}`;
  return { integration, path };
}

function post(
  { url, token }: Address,
  call: ActionCall,
  runtime: string,
  agents: { readonly plain: Agent; readonly tls: TlsAgent },
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const body = JSON.stringify(call.input);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    traceparent: call.traceparent,
    "x-auterity-target": runtime,
    "x-auterity-connection": call.connection,
    ...(call.event === undefined ? {} : { "x-auterity-event": call.event }),
    ...(call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }),
  };
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers, ...(signal === undefined ? {} : { signal }) };
    const outgoing =
      url.protocol === "https:"
        ? tlsRequest(url, { ...options, agent: agents.tls }, resolve)
        : request(url, { ...options, agent: agents.plain }, resolve);
    outgoing.on("error", (error) => reject(unreachable(error, signal))).end(body);
  });
}

function parse(body: string): unknown {
  return body === "" ? undefined : JSON.parse(body);
}

function unreachable(error: unknown, signal: AbortSignal | undefined): Fault {
  if (signal?.aborted === true) return toFault(signal.reason, "cancelled");
  return new Fault("unavailable", "actions.call: the gateway did not answer; try again", {
    origin: "platform",
    cause: error,
  });
}

/** What the action answered, as the fault it was there. Its "caller" is the function, so that is us here. */
function faultOf(status: number, body: string, retryAfter: string | undefined): Fault {
  const problem = Problem.safeParse(safeParse(body));
  if (!problem.success) {
    const code = status === 429 || status >= 500 ? "unavailable" : "internal";
    return new Fault(code, `actions.call: the gateway answered ${status} without a problem`, {
      origin: "platform",
    });
  }
  const { code, detail, origin, details } = problem.data;
  const seconds = Number(retryAfter);
  return new Fault(code, detail, {
    origin: origin === "caller" ? "self" : origin,
    ...(details === undefined ? {} : { details }),
    ...(retryAfter !== undefined && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

function safeParse(body: string): unknown {
  try {
    return parse(body);
  } catch {
    return undefined;
  }
}
