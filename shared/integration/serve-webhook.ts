import { Fault } from "#shared/errors";
import {
  bodyBytes,
  bodyText,
  parseJson,
  type RawRequest,
  reply,
  type Reply,
} from "#shared/function";
import { answerHandshake, type Place, readPlace, verifyWebhook } from "#shared/webhooks";
import {
  type Connections,
  DEFAULT_CONNECTION,
  fieldNames,
  previousField,
  unknownConnection,
} from "./connection.ts";
import type { Integration, VendorWebhooks } from "./define-integration.ts";
import { deliver, type DeliverContext, type Subscriber } from "./deliver.ts";

/** What receiving a webhook needs of its invocation. */
export type WebhookContext = DeliverContext & { readonly connections: Connections };

// Every connection belongs to one tenant, and until connections are looked up by a public name of their own there is
// one tenant that can have them. This is the only place that says so.
const CONNECTION_TENANT = "default";

/** The state port refuses nesting beyond 64, its own envelope included. */
const MAX_DEPTH = 60;

/**
 * `POST …/webhooks/<integration>/:connection`: verify over raw bytes, store, queue, then 202 with the delivery id.
 * A repeat of a delivery is answered alike and queued again only if the first one did not get that far.
 */
export async function serveWebhook(
  integration: Integration,
  subscribers: readonly Subscriber[],
  ctx: WebhookContext,
  request: RawRequest,
): Promise<Reply> {
  const { webhooks } = integration;
  if (webhooks === undefined) throw noWebhooks(integration.id);
  const connection = request.params["connection"] ?? "";
  await authenticate(integration, webhooks, connection, ctx, request);
  const payload = parseJson(bodyText(request), { name: "webhook.body", maxDepth: MAX_DEPTH });
  const handshake = answerHandshake(webhooks.handshakes ?? [], payload);
  if (handshake !== undefined) return reply(handshake.status, handshake.body);
  const delivery = readText(webhooks.deliveryId, "delivery id", request, payload);
  const type = readText(webhooks.type, "event type", request, payload);
  reportSurprise(webhooks, type, payload, ctx);
  const receivedAtMs = ctx.clock.now();
  const event = { delivery, type, payload, receivedAtMs };
  const from = { tenant: CONNECTION_TENANT, integration: integration.id, connection };
  const fresh = await deliver(ctx, from, event, subscribers);
  ctx.metrics.count(fresh ? "webhook.accepted" : "webhook.duplicate");
  const answer = fresh ? { id: delivery } : { id: delivery, duplicate: true };
  // Lets the gateway list this run, too, among those of the event.
  return reply(202, answer, { "x-auterity-event": delivery });
}

function readText(place: Place, what: string, request: RawRequest, payload: unknown): string {
  const value = readPlace(place, request.headers, payload);
  if (value !== undefined && /^[!-~]{1,200}$/.test(value)) return value;
  const where = "header" in place ? `header ${place.header}` : `field ${place.field}`;
  throw new Fault(
    "invalid_argument",
    `webhook.read: the ${what} is missing or malformed; it belongs in the ${where}`,
    { origin: "caller" },
  );
}

async function authenticate(
  integration: Integration,
  { verify, secretField }: VendorWebhooks,
  connection: string,
  ctx: WebhookContext,
  request: RawRequest,
): Promise<void> {
  const fields = fieldNames(integration);
  const credentials = await ctx.connections.read(CONNECTION_TENANT, connection, fields);
  if (credentials.size === 0 && connection !== DEFAULT_CONNECTION) {
    throw unknownConnection(integration.id);
  }
  const secrets = [secretField, previousField(secretField)].flatMap(
    (field) => credentials.get(field)?.reveal() ?? [],
  );
  const signed = { headers: request.headers, body: bodyBytes(request) };
  const verdict = verifyWebhook(verify, signed, secrets, ctx.clock.now());
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
  { events }: VendorWebhooks,
  type: string,
  payload: unknown,
  ctx: WebhookContext,
): void {
  const schema = Object.hasOwn(events, type) ? events[type] : undefined;
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
