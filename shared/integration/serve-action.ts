import { Fault, toFault } from "#shared/errors";
import { bodyText, parseJson, type RawRequest, reply, type Reply } from "#shared/function";
import { withUnknownOutcome } from "#shared/http";
import { fingerprint, type IdempotencyStore, once } from "#shared/idempotency";
import type { OpenedApi } from "./api.ts";
import { DEFAULT_CONNECTION } from "./connection.ts";
import type { Action, PreparedAction } from "./define-action.ts";
import { noSuchAction, openAction, serve, type Served, type VendorContext } from "./open-action.ts";
import { StreamText } from "./stream-text.ts";
import type { Target } from "./target.ts";

export { serve };

/** What running an action needs of its invocation. */
export type ActionContext = VendorContext & { readonly answers: IdempotencyStore };

/** How long a key of a caller's is remembered. */
const KEY_TTL_SECONDS = 86_400;

/**
 * `POST …/actions/:action`: input in, output out. Writes honour `Idempotency-Key`
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/); streamed actions answer who accepts
 * `text/event-stream` with events.
 */
export async function serveAction(
  served: Served,
  ctx: ActionContext,
  request: RawRequest,
): Promise<Reply> {
  const { integration } = served;
  const id = request.params["action"] ?? "";
  const action = Object.hasOwn(integration.actions, id) ? integration.actions[id] : undefined;
  if (action === undefined) throw noSuchAction(integration);
  const input = parseJson(bodyText(request) || "{}", { name: "action.input" });
  const prepared = action.prepare(input);
  const connection = request.headers["x-auterity-connection"] ?? DEFAULT_CONNECTION;
  const key = readKey(action, request.headers["idempotency-key"]);
  const scope = `${integration.id}/${id}/${connection}`;
  const seed = JSON.stringify([ctx.tenant, scope, key ?? ctx.random.uuid()]);
  const { opened, target } = await openAction(served, { action: id, connection, key: seed }, ctx);
  const events = acceptsEvents(action, request) ? new StreamText(ctx.id) : undefined;
  const run = (): Promise<unknown> => runWhole(prepared, opened, events);
  const call = {
    scope,
    fingerprint: fingerprint(input),
    leaseSeconds: served.leaseSeconds,
    ttlSeconds: KEY_TTL_SECONDS,
  };
  try {
    const { answer, replayed } =
      key === undefined
        ? { answer: await run(), replayed: false }
        : await once(ctx.answers, { ...call, key }, run);
    return replyWith(target, replayed, answer ?? null, events?.finished(answer));
  } catch (error) {
    const text = events?.brokenOff(error);
    if (text === undefined) throw error;
    return replyWith(target, false, null, text);
  }
}

function acceptsEvents({ chunk }: Action, { headers }: RawRequest): boolean {
  return chunk !== undefined && (headers["accept"] ?? "").includes("text/event-stream");
}

/** Runs an action, and says of a failure whether a part of the effect has happened before it. */
async function runWhole(
  { run, stream }: PreparedAction,
  opened: OpenedApi,
  events: StreamText | undefined,
): Promise<unknown> {
  try {
    if (stream === undefined || events === undefined) return await run(opened.api);
    return await events.collect(stream(opened.api));
  } catch (error) {
    throw opened.hasWritten() ? withUnknownOutcome(toFault(error)) : error;
  }
}

function replyWith(
  { sandboxed }: Target,
  replayed: boolean,
  answer: unknown,
  events: string | undefined,
): Reply {
  return reply(200, events ?? answer, {
    "content-type": events === undefined ? "application/json" : "text/event-stream",
    ...(sandboxed ? { "x-auterity-sandbox": "true" } : {}),
    ...(replayed ? { "idempotency-replayed": "true" } : {}),
  });
}

/** Reads need no key, so one that is sent along is ignored. */
function readKey(action: Action, value: string | undefined): string | undefined {
  if (value === undefined || action.effect === "read") return undefined;
  if (/^[!-~]{1,255}$/.test(value)) return value;
  throw new Fault(
    "invalid_argument",
    "action.idempotency: the key must be 1 to 255 visible ascii characters; send a uuid",
    { origin: "caller" },
  );
}
