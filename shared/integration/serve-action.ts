import { authorizeAsGiven, type Credentials } from "#shared/auth";
import { Fault, toFault } from "#shared/errors";
import {
  type BaseContext,
  bodyText,
  parseJson,
  type RawRequest,
  reply,
  type Reply,
} from "#shared/function";
import { createHttpClient, type Pacing, type Sockets, withUnknownOutcome } from "#shared/http";
import { fingerprint, type IdempotencyStore, once } from "#shared/idempotency";
import { type ApiOptions, openApi, type OpenedApi } from "./api.ts";
import {
  type Connections,
  DEFAULT_CONNECTION,
  fieldNames,
  previousField,
  unknownConnection,
} from "./connection.ts";
import type { Action, PreparedAction } from "./define-action.ts";
import type { Integration } from "./define-integration.ts";
import { StreamText } from "./stream-text.ts";
import { type Aim, chooseTarget, type Target } from "./target.ts";

/** What running an action needs of its invocation. */
export type ActionContext = BaseContext & {
  readonly connections: Connections;
  readonly answers: IdempotencyStore;
};

/** An integration as its function holds it. What is learned of connections outlives an invocation. */
export type Served = {
  readonly integration: Integration;
  readonly sockets: Sockets;
  readonly pacing: Pacing;
  /** How long an invocation may last. */
  readonly leaseSeconds: number;
};

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
  const credentials = await readCredentials(integration, connection, ctx);
  const aim = { integration, action: id, connection, credentials };
  const target = chooseTarget(aim, ctx.connections.settings);
  const key = readKey(action, request.headers["idempotency-key"]);
  const scope = `${integration.id}/${id}/${connection}`;
  const seed = JSON.stringify([ctx.tenant, scope, key ?? ctx.random.uuid()]);
  const opened = open(served, aim, action, target, seed, ctx);
  const events = acceptsEvents(action, request) ? new StreamText(ctx.id) : undefined;
  const run = (): Promise<unknown> => runWhole(prepared, opened, events);
  const call = {
    ...{ scope, fingerprint: fingerprint(input), leaseSeconds: served.leaseSeconds },
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
  prepared: PreparedAction,
  { api, hasWritten }: OpenedApi,
  events: StreamText | undefined,
): Promise<unknown> {
  try {
    return await (events === undefined ? prepared.run(api) : events.collect(prepared, api));
  } catch (error) {
    throw hasWritten() ? withUnknownOutcome(toFault(error)) : error;
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

/** What authenticates requests; the webhook secret is not for them. */
async function readCredentials(
  integration: Integration,
  connection: string,
  ctx: ActionContext,
): Promise<Credentials> {
  const { webhooks } = integration;
  const own = (field: string): boolean =>
    webhooks === undefined ||
    ![webhooks.secretField, previousField(webhooks.secretField)].includes(field);
  const fields = fieldNames(integration).filter(own);
  const credentials = await ctx.connections.read(ctx.tenant, connection, fields);
  const known = connection === DEFAULT_CONNECTION || fields.length === 0 || credentials.size > 0;
  if (!known) throw unknownConnection(integration.id);
  return credentials;
}

function open(
  { integration, sockets, pacing }: Served,
  aim: Aim,
  action: Action,
  target: Target,
  key: string,
  ctx: ActionContext,
): OpenedApi {
  const { clock, random, signal, tenant } = ctx;
  const { ownOrigin, baseUrl, config } = target;
  const allowedOrigins = ownOrigin === undefined ? [] : [ownOrigin];
  const pace = pacing.of(`${tenant}/${aim.connection}`, clock);
  return openApi({
    client: createHttpClient({ clock, random, sockets, allowedOrigins, pace }),
    ...{ clock, baseUrl, config, key, signal },
    http: integration.http,
    own: ownOrigin !== undefined,
    authorize: authorization(aim, target),
    // Vendors have no use for our trace; what the operator runs does.
    headers: ownOrigin === undefined ? {} : { traceparent: ctx.trace.traceparent },
    effect: action.effect,
    idempotency: action.idempotency,
    remainingMs: () => ctx.remainingMs(),
  });
}

function authorization({ credentials }: Aim, { method }: Target): ApiOptions["authorize"] {
  const authorize = method && authorizeAsGiven(method, credentials);
  return async (request, refused) => (refused ? undefined : (authorize?.(request) ?? request));
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

function noSuchAction({ id, actions }: Integration): Fault {
  return new Fault(
    "not_found",
    `integration.action: ${id} has no such action; it has ${Object.keys(actions).join(", ")}`,
    { origin: "caller" },
  );
}
