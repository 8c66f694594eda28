import { store } from "#shared/state";
import * as z from "zod";

/** A week: longer than any vendor redelivers by itself or lets a person redeliver (GitHub: 3 days). */
export const EVENT_TTL_SECONDS = 7 * 86_400;

/** A verified event as it is kept: whoever answers for it can read it, and a repeat of its delivery is recognised. */
export const StoredEvent = z.object({
  /** `<integration>/<connection>`. */
  source: z.string(),
  /** The vendor's delivery id. */
  delivery: z.string(),
  type: z.string(),
  payload: z.unknown(),
  receivedAtMs: z.number(),
  /** What was decided about it, where its vendor waited for that. */
  decision: z.record(z.string(), z.json()).optional(),
  /** Whether every subscriber has its message; false only between the two writes. */
  queued: z.boolean(),
});

export type StoredEvent = z.infer<typeof StoredEvent>;

/** Every accepted webhook event of a tenant. Written before the vendor is answered. */
export const webhookEvents = store("webhook-events", {
  schema: StoredEvent,
  partition: "source",
  sort: "delivery",
  ttl: true,
});

/** The partition of a connection's events. */
export function eventSource(integration: string, connection: string): string {
  return `${integration}/${connection}`;
}

/** What a subscribed function's queue carries: where the event is, not the event. */
export const WebhookMessage = z.object({
  integration: z.string(),
  connection: z.string(),
  /** The delivery id. */
  event: z.string(),
});

export type WebhookMessage = z.infer<typeof WebhookMessage>;
