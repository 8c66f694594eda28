import type { FastifyReply, FastifyRequest } from "fastify";
import { Fault, problemHeaders, toFault, toProblem } from "#shared/errors";
import { bodyBytes, type HttpInput, type HttpOutput } from "#shared/function";
import type { Fleet, FleetFunction } from "./fleet.ts";

/** Headers of ours that only an authenticated caller may set; from anyone else they are dropped. */
const INTERNAL_HEADERS = new Set(["x-auterity-event", "x-auterity-run"]);

/** A request as the codecs want it, from node's rawest form. `trusted` callers may hand on a trace's event. */
export function toHttpInput(request: FastifyRequest, trusted: boolean): HttpInput {
  const [path, query] = splitOnce(request.raw.url ?? "/", "?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || (!trusted && INTERNAL_HEADERS.has(name))) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const { body } = request;
  return {
    method: request.method,
    path,
    query,
    headers,
    body: body instanceof Uint8Array ? body : "",
    clientIp: request.socket.remoteAddress,
  };
}

/** What is known of a call before it runs. */
export type ServeOptions = {
  /** Whether the caller may hand on a trace's event. */
  readonly trusted: boolean;
  /**
   * What a second time would do: `read` and `once` nothing; a `write` is given an idempotency key before its first
   * attempt, unless the caller gave one, and so has its effect once; of what is `unknown` nothing is repeated.
   */
  readonly effect: "read" | "once" | "write" | "unknown";
  /** Whether the tenant's budget may refuse it; a vendor's webhook is always taken. */
  readonly budgeted: boolean;
};

/** Runs a function for a request and answers with what it said. */
export async function serveFunction(
  fleet: Fleet,
  fn: FleetFunction,
  request: FastifyRequest,
  reply: FastifyReply,
  { trusted, effect, budgeted }: ServeOptions,
): Promise<void> {
  const target = request.headers["x-auterity-target"];
  const pinned = Array.isArray(target) ? target.join() : target;
  const input = toHttpInput(request, trusted);
  const output = await callFunction(fleet, fn, input, { effect, budgeted, pinned });
  const tight = fleet.calls.tightBudget();
  if (tight !== undefined) reply.header("x-auterity-budget", tight);
  send(reply, output);
}

/** Calls a function, again elsewhere where that has no second effect. */
export function callFunction(
  fleet: Fleet,
  fn: FleetFunction,
  input: HttpInput,
  { effect, budgeted, pinned }: Omit<ServeOptions, "trusted"> & { pinned: string | undefined },
): Promise<HttpOutput> {
  return fleet.calls.call(fn, input, {
    pinned,
    // Another runtime knows the delivery or the key only where it works on the same state.
    repeatable: effect === "read" || (effect !== "unknown" && fleet.sharesState),
    keyed: effect === "write",
    reads: effect === "read",
    budgeted,
  });
}

/** Writes an answer without touching its bytes. */
export function send(reply: FastifyReply, output: HttpOutput): void {
  reply.code(output.status).headers(output.headers);
  for (const cookie of output.cookies) reply.header("set-cookie", cookie);
  const bytes = bodyBytes(output);
  reply.send(bytes.length === 0 ? undefined : Buffer.from(bytes));
}

/** Answers a failure of the gateway itself as problem JSON. */
export function sendProblem(reply: FastifyReply, thrown: unknown, instance: string): void {
  const fault = toFault(thrown);
  const problem = toProblem(fault, instance);
  // As bytes: fastify would add a charset, which JSON has none of.
  const body = Buffer.from(JSON.stringify(problem));
  reply.code(problem.status).headers(problemHeaders(fault)).send(body);
}

/** A fault for something the caller named that is not there. */
export function notThere(what: string, hint: string): Fault {
  return new Fault("not_found", `gateway.find: there is no ${what}; ${hint}`, { origin: "caller" });
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
