import { type Credentials, isTokenMethod } from "#shared/auth";
import { openAuthorizer, tokensOf } from "#shared/connections";
import { Fault } from "#shared/errors";
import {
  type BaseContext,
  bodyText,
  parseJson,
  type RawRequest,
  reply,
  type Reply,
} from "#shared/function";
import { createHttpClient, type HttpClient, type Sockets } from "#shared/http";
import { fingerprint, type IdempotencyStore, once } from "#shared/idempotency";
import { createApi } from "./api.ts";
import {
  type Connections,
  DEFAULT_CONNECTION,
  fieldNames,
  previousField,
  unknownConnection,
} from "./connection.ts";
import type { Action } from "./define-action.ts";
import type { Integration } from "./define-integration.ts";
import { type Aim, chooseTarget, constantCase, type Target } from "./target.ts";

/** What running an action needs of its invocation. */
export type ActionContext = BaseContext & {
  readonly connections: Connections;
  readonly answers: IdempotencyStore;
};

/** How long a key of a caller's is remembered. */
const KEY_TTL_SECONDS = 86_400;

/**
 * `POST …/actions/:action`: input in, output out. Writes honour `Idempotency-Key`
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
 */
export async function serveAction(
  integration: Integration,
  sockets: Sockets,
  leaseSeconds: number,
  ctx: ActionContext,
  request: RawRequest,
): Promise<Reply> {
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
  const run = (): Promise<unknown> =>
    prepared.run(openApi(aim, action, sockets, target, seed, ctx));
  const outcome =
    key === undefined
      ? { answer: await run(), replayed: false }
      : await once(
          ctx.answers,
          {
            scope,
            key,
            fingerprint: fingerprint(input),
            leaseSeconds,
            ttlSeconds: KEY_TTL_SECONDS,
          },
          run,
        );
  return reply(200, outcome.answer ?? null, {
    "content-type": "application/json",
    ...(target.sandboxed ? { "x-auterity-sandbox": "true" } : {}),
    ...(outcome.replayed ? { "idempotency-replayed": "true" } : {}),
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

function openApi(
  aim: Aim,
  action: Action,
  sockets: Sockets,
  target: Target,
  key: string,
  ctx: ActionContext,
): ReturnType<typeof createApi> {
  const { clock, random, signal } = ctx;
  const { ownOrigin } = target;
  const allowedOrigins = ownOrigin === undefined ? [] : [ownOrigin];
  const client = createHttpClient({ clock, random, sockets, allowedOrigins });
  return createApi({
    client: authorized(client, aim, target, sockets, ctx),
    http: aim.integration.http,
    baseUrl: target.baseUrl,
    config: target.config,
    // Vendors have no use for our trace; what the operator runs does.
    headers: ownOrigin === undefined ? {} : { traceparent: ctx.trace.traceparent },
    idempotency: action.idempotency,
    key,
    signal,
    remainingMs: () => ctx.remainingMs(),
  });
}

function authorized(
  client: HttpClient,
  { integration, connection, credentials }: Aim,
  { method, config, ownOrigin }: Target,
  sockets: Sockets,
  ctx: ActionContext,
): HttpClient {
  if (method === undefined) return client;
  const { ports, settings } = ctx.connections;
  const origin = settings[`AUTERITY_AUTH_URL_${constantCase(integration.id)}`];
  // Who answers instead of the vendor has no use for a token of the vendor's.
  if (origin === undefined && ownOrigin !== undefined && isTokenMethod(method)) return client;
  const opened = { tenant: ctx.tenant, integration: integration.id, connection };
  const tokens = tokensOf(ports, opened, ctx, ctx);
  const authorize = openAuthorizer(
    method,
    { credentials, config },
    { clock: ctx.clock, random: ctx.random, sockets, origin },
    tokens,
  );
  return { request: (request) => authorize(request, (given) => client.request(given)) };
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
