// Apart from the verification of webhooks: every function that is started by one reads these, and verifies nothing.
export {
  EVENT_TTL_SECONDS,
  eventSource,
  StoredEvent,
  webhookEvents,
  WebhookMessage,
} from "./event-store.ts";
