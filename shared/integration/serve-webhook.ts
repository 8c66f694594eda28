import { Fault } from "#shared/errors";
import { type RawRequest, reply, type Reply } from "#shared/function";
import { openSockets } from "#shared/http";
import {
  answerHandshake,
  createDocumentCache,
  type HandshakeTrust,
  isUnsigned,
  verifyWebhook,
  type WebhookRequest,
} from "#shared/webhooks";
import {
  type Connections,
  DEFAULT_CONNECTION,
  fieldNames,
  unknownConnection,
} from "./connection.ts";
import type { Integration, VendorWebhooks } from "./define-integration.ts";
import { deliver, type DeliverContext, type Subscriber } from "./deliver.ts";
import { readEvents, readPayload } from "./read-events.ts";
import { askedOf, trustOf, type WebhookResources } from "./webhook-trust.ts";

/** What receiving a webhook needs of its invocation. */
export type WebhookContext = DeliverContext & { readonly connections: Connections };

// Every connection belongs to one tenant, and until connections are looked up by a public name of their own there is
// one tenant that can have them. This is the only place that says so.
const CONNECTION_TENANT = "default";

/** What a function keeps between its webhooks. Opens no connection yet. */
export function openResources(documents = createDocumentCache()): WebhookResources {
  return { sockets: openSockets(), documents };
}

/**
 * `POST …/webhooks/<integration>/:connection`: verify over raw bytes, store, queue, then 202 with the delivery id.
 * A repeat of a delivery is answered alike and queued again only if the first one did not get that far.
 * Handshakes are answered on the way: those that no vendor signs before, all others after the verification.
 */
export async function serveWebhook(
  integration: Integration,
  resources: WebhookResources,
  subscribers: readonly Subscriber[],
  ctx: WebhookContext,
  request: RawRequest,
): Promise<Reply> {
  const { webhooks } = integration;
  if (webhooks === undefined) throw noWebhooks(integration.id);
  const connection = request.params["connection"] ?? "";
  const asked = askedOf(request, ctx.connections.settings);
  const trust = await openTrust(integration, webhooks, resources, connection, ctx);
  const early = await shakeUnsigned(webhooks, request, asked, trust);
  if (early !== undefined) return early;
  await authenticate(integration, webhooks, connection, ctx, asked, trust);
  const payload = readPayload(webhooks, request);
  const signed = (webhooks.handshakes ?? []).filter((handshake) => !isUnsigned(handshake));
  const handshake = await answerHandshake(signed, asked, payload, trust);
  if (handshake !== undefined) return reply(handshake.status, handshake.body, handshake.headers);
  const from = { tenant: CONNECTION_TENANT, integration: integration.id, connection };
  const receivedAtMs = ctx.clock.now();
  const events = readEvents(webhooks, request, asked, payload);
  const fresh: boolean[] = [];
  for (const event of events) {
    reportSurprise(webhooks, event.type, event.payload, ctx);
    fresh.push(await deliver(ctx, from, { ...event, receivedAtMs }, subscribers));
    ctx.metrics.count(fresh.at(-1) === true ? "webhook.accepted" : "webhook.duplicate");
  }
  return acknowledge(webhooks, events[0]?.delivery, fresh);
}

function acknowledge(
  { ack }: VendorWebhooks,
  delivery: string | undefined,
  fresh: readonly boolean[],
): Reply {
  // Lets the gateway list this run, too, among those of the event.
  const headers = delivery === undefined ? {} : { "x-auterity-event": delivery };
  if (ack !== undefined) return reply(ack.status, ack.body, headers);
  if (fresh.length !== 1) return reply(202, { events: fresh.length }, headers);
  return reply(
    202,
    fresh[0] === true ? { id: delivery } : { id: delivery, duplicate: true },
    headers,
  );
}

async function openTrust(
  integration: Integration,
  { secretField }: VendorWebhooks,
  resources: WebhookResources,
  connection: string,
  ctx: WebhookContext,
): Promise<HandshakeTrust> {
  const fields = fieldNames(integration);
  const credentials = await ctx.connections.read(CONNECTION_TENANT, connection, fields);
  if (credentials.size === 0 && connection !== DEFAULT_CONNECTION) {
    throw unknownConnection(integration.id);
  }
  return trustOf(resources, ctx, credentials, secretField);
}

async function shakeUnsigned(
  webhooks: VendorWebhooks,
  request: RawRequest,
  asked: WebhookRequest,
  trust: HandshakeTrust,
): Promise<Reply | undefined> {
  const unsigned = (webhooks.handshakes ?? []).filter(isUnsigned);
  const { method } = request;
  if (unsigned.length > 0) {
    const answer = await answerHandshake(
      unsigned,
      asked,
      tolerantPayload(webhooks, request),
      trust,
    );
    if (answer !== undefined) return reply(answer.status, answer.body, answer.headers);
  }
  if (method === "POST") return undefined;
  throw new Fault(
    "unauthenticated",
    `webhook.handshake: this ${method} is none that the vendor makes; events are sent with POST`,
    { origin: "caller" },
  );
}

/** What is no payload is no handshake either; the verified path says what is wrong with it. */
function tolerantPayload(webhooks: VendorWebhooks, request: RawRequest): unknown {
  try {
    return readPayload(webhooks, request);
  } catch {
    return undefined;
  }
}

async function authenticate(
  integration: Integration,
  { verify, secretField }: VendorWebhooks,
  connection: string,
  ctx: WebhookContext,
  asked: WebhookRequest,
  trust: HandshakeTrust,
): Promise<void> {
  const verdict = await verifyWebhook(verify, asked, trust);
  if (verdict.ok) return;
  const { reason } = verdict;
  ctx.log.warn("webhook refused", { integration: integration.id, connection, reason });
  ctx.metrics.count("webhook.refused");
  throw new Fault(
    "unauthenticated",
    `webhook.verify: ${reason}; sign the webhook with the connection's "${secretField}"`,
    { origin: "caller", details: { reason } },
  );
}

/** A verified event of an unforeseen shape is kept: refusing it would lose it, and its function can set it aside. */
function reportSurprise(
  { events, otherEvents }: VendorWebhooks,
  type: string,
  payload: unknown,
  ctx: WebhookContext,
): void {
  const schema = Object.hasOwn(events, type) ? events[type] : otherEvents;
  const parsed = schema?.safeParse(payload);
  if (parsed === undefined || parsed.success) return;
  const field = parsed.error.issues[0]?.path.join(".") || "payload";
  ctx.log.warn("webhook event has an unforeseen shape", { type, field });
}

function noWebhooks(integration: string): Fault {
  return new Fault("not_found", `webhook.receive: ${integration} has no webhooks`, {
    origin: "caller",
  });
}
