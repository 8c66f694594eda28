import { authorizeBasic, type Credentials, isTokenMethod, ownTokenOf } from "#shared/auth";
import { openAuthorizer } from "#shared/connections";
import { Fault } from "#shared/errors";
import type { BaseContext } from "#shared/function";
import {
  createHttpClient,
  createPacing,
  openSockets,
  type Pacing,
  type Sockets,
} from "#shared/http";
import { eventSource } from "#shared/webhook-events";
import { type ApiOptions, openApi, type OpenedApi } from "./api.ts";
import type { ReceivedEvents } from "./api/call.ts";
import { createKeptAnswers, type KeptAnswers } from "./api/kept-answers.ts";
import {
  authOrigin,
  type Connections,
  DEFAULT_CONNECTION,
  fieldNames,
  previousField,
  unknownConnection,
} from "./connection.ts";
import type { Action } from "./define-action.ts";
import type { Integration } from "./define-integration.ts";
import type { EventStore, ForReceiver } from "./deliver.ts";
import { type Aim, chooseTarget, type Target } from "./target.ts";

/** What calling a vendor for a connection needs of its invocation. */
export type VendorContext = BaseContext & {
  readonly connections: Connections;
  /** Where actions may read what came by webhooks. */
  readonly events?: ForReceiver<EventStore>;
};

/** An integration as its function holds it. What is learned of connections outlives an invocation. */
export type Served = {
  readonly integration: Integration;
  readonly sockets: Sockets;
  readonly pacing: Pacing;
  readonly kept: KeptAnswers;
  /** How long an invocation may last. */
  readonly leaseSeconds: number;
};

/** Gets an integration ready to be called. No connection is made before the first request. */
export function serve(integration: Integration, leaseSeconds: number): Served {
  const rules = integration.limits.flatMap(({ requests, perSeconds, counts }) =>
    counts === undefined ? [] : [{ requests, perSeconds, counts }],
  );
  return {
    integration,
    sockets: openSockets(),
    pacing: createPacing(rules),
    kept: createKeptAnswers(),
    leaseSeconds,
  };
}

/** Which action of which connection; `key` is unique to the call and the same for its repeats. */
export type OpenedCall = {
  readonly action: string;
  readonly connection: string;
  readonly key: string;
};

/**
 * Opens the vendor for one call of an action. Throws `not_found` from `caller` for an action or connection that does
 * not exist, and as `chooseTarget`.
 */
export async function openAction(
  served: Served,
  { action: id, connection, key }: OpenedCall,
  ctx: VendorContext,
): Promise<{ readonly opened: OpenedApi; readonly target: Target }> {
  const { integration } = served;
  const action = Object.hasOwn(integration.actions, id) ? integration.actions[id] : undefined;
  if (action === undefined) throw noSuchAction(integration);
  const credentials = await readCredentials(integration, connection, ctx);
  const aim = { integration, action: id, connection, credentials };
  const target = chooseTarget(aim, ctx.connections.settings);
  return { opened: open(served, aim, action, target, key, ctx), target };
}

/** The fault for an action that does not exist. */
export function noSuchAction({ id, actions }: Integration): Fault {
  return new Fault(
    "not_found",
    `integration.action: ${id} has no such action; it has ${Object.keys(actions).join(", ")}`,
    { origin: "caller" },
  );
}

/** What authenticates requests; the webhook secret is not for them. */
async function readCredentials(
  integration: Integration,
  connection: string,
  ctx: VendorContext,
): Promise<Credentials> {
  const { webhooks } = integration;
  const own = (field: string): boolean =>
    webhooks === undefined ||
    ![webhooks.secretField, previousField(webhooks.secretField)].includes(field);
  const fields = fieldNames(integration).filter(own);
  const credentials = await ctx.connections.read(ctx.tenant, connection, fields, integration.id);
  const known = connection === DEFAULT_CONNECTION || fields.length === 0 || credentials.size > 0;
  if (!known) throw unknownConnection(integration.id);
  return credentials;
}

function open(
  { integration, sockets, pacing, kept }: Served,
  aim: Aim,
  action: Action,
  target: Target,
  key: string,
  ctx: VendorContext,
): OpenedApi {
  const { clock, random, signal, tenant } = ctx;
  const { ownOrigin, baseUrl, config } = target;
  const allowedOrigins = ownOrigin === undefined ? [] : [ownOrigin];
  const pace = pacing.of(`${tenant}/${aim.connection}`, clock);
  return openApi({
    client: createHttpClient({
      clock,
      random,
      sockets,
      allowedOrigins,
      pace,
    }),
    clock,
    random,
    baseUrl,
    config,
    key,
    signal,
    http: integration.http,
    own: ownOrigin !== undefined,
    authorize: authorization(aim, target, sockets, ctx),
    headers: ownOrigin === undefined ? {} : { traceparent: ctx.trace.traceparent },
    effect: action.effect,
    idempotency: action.idempotency,
    remainingMs: () => ctx.remainingMs(),
    kept,
    received: receivedBy(integration, aim.connection, ctx),
    ownToken: isForeign(integration, target, ctx)
      ? undefined
      : ownTokenOf(target.method, { credentials: aim.credentials, config }, () => clock.now()),
  });
}

function receivedBy(
  { id, webhooks }: Integration,
  connection: string,
  { events, tenant, id: event }: VendorContext,
): ReceivedEvents | undefined {
  if (webhooks?.log === undefined || events === undefined) return undefined;
  const store = events({ tenant, event });
  return async ({ from, limit }) => {
    const page = await store.list?.(eventSource(id, connection), { after: from, limit });
    const { items = [], cursor } = page ?? {};
    return {
      items: items.map(({ value: { delivery, type, payload, receivedAtMs, decision } }) => ({
        id: delivery,
        type,
        payload,
        receivedAtMs,
        decision,
      })),
      next: cursor ?? null,
    };
  };
}

/** Who answers instead of the vendor has no use for a token of the vendor's. */
function isForeign(
  { id }: Integration,
  { ownOrigin }: Target,
  { connections: { settings } }: VendorContext,
): boolean {
  return ownOrigin !== undefined && authOrigin(settings, id) === undefined;
}

function authorization(
  { integration, connection, credentials }: Aim,
  target: Target,
  sockets: Sockets,
  ctx: VendorContext,
): ApiOptions["authorize"] {
  const { method, config } = target;
  const { ports, settings } = ctx.connections;
  const origin = authOrigin(settings, integration.id);
  if (method === undefined || (isForeign(integration, target, ctx) && isTokenMethod(method))) {
    return async (request, refused) => (refused ? undefined : request);
  }
  const of = { tenant: ctx.tenant, integration: integration.id, connection };
  const { clock, random } = ctx;
  const own = { credentials, config };
  const authorize = openAuthorizer(
    method,
    own,
    { clock, random, sockets, origin },
    { ports, of, caller: ctx },
  );
  return async (request, refused, { basic, service } = {}) => {
    if (basic === undefined) return authorize(request, refused, service);
    return refused ? undefined : authorizeBasic(basic, own)(request);
  };
}
