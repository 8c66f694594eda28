import { Fault } from "#shared/errors";
import type { Ports, WebhookEvent } from "#shared/function";
import { openStore } from "#shared/state";
import { eventSource, webhookEvents, WebhookMessage } from "#shared/webhook-events";
import type { Invocation } from "./invocation.ts";

/**
 * The stored event a message points to. Throws `invalid_argument` from `caller` for a message of another shape and
 * `not_found` when the event has expired: both end in the dead-letter queue, neither is retried into success.
 */
export async function loadWebhookEvent(
  ports: Ports,
  invocation: Invocation,
  body: unknown,
): Promise<WebhookEvent<unknown>> {
  const message = WebhookMessage.safeParse(body);
  if (!message.success) {
    throw new Fault("invalid_argument", "webhook.load: the message names no stored event", {
      origin: "caller",
    });
  }
  const { integration, connection, event } = message.data;
  const key = { source: eventSource(integration, connection), delivery: event };
  const stored = await openStore(webhookEvents, ports, invocation).get(key);
  if (stored === undefined) {
    throw new Fault("not_found", "webhook.load: the event is gone; it was kept for its full time", {
      details: { integration, event },
    });
  }
  const { type, receivedAtMs, payload, decision } = stored.value;
  const received = { id: event, type, connection, receivedAtMs, payload };
  return decision === undefined ? received : { ...received, decision };
}
