import { Fault } from "#shared/errors";
import type { QueueRef } from "#shared/queue";
import type { EventSchemas, TopicRef } from "#shared/topic";
import type { Schedule } from "./schedule.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

export type Route = {
  readonly method: Method;
  readonly path: `/${string}`;
  /** `public` only where the request carries its own proof, such as a webhook's signature. */
  readonly auth: "bearer" | "public";
};

export type HttpTrigger = {
  readonly kind: "http";
  readonly routes: readonly Route[];
  /** The handler gets the undecoded request: for signatures, which hold over bytes. */
  readonly raw: boolean;
};

export type QueueTrigger = {
  readonly kind: "queue";
  readonly queue: QueueRef;
  /** The most messages in one invocation where the cloud batches; they are still handled one by one. */
  readonly batch: number;
};

export type ScheduleTrigger = {
  readonly kind: "schedule";
  readonly schedule: Schedule;
  /** What to do about slots that passed while nothing ran. */
  readonly missed: "skip" | "once";
};

export type WebhookTrigger = {
  readonly kind: "webhook";
  readonly integration: string;
  /** Event types as the integration names them; `*` for all. */
  readonly events: readonly string[];
};

export type TopicTrigger<Type extends string = string> = {
  readonly kind: "topic";
  readonly topic: { readonly name: string };
  readonly events: readonly Type[];
};

export type Trigger = HttpTrigger | QueueTrigger | ScheduleTrigger | WebhookTrigger | TopicTrigger;

/** An HTTP call. `:name` in the path is a parameter; parameters, query and JSON body form one input object. */
export function httpTrigger(
  method: Method,
  path: `/${string}`,
  options: { auth?: "bearer" | "public" } = {},
): HttpTrigger {
  return { kind: "http", routes: [{ method, path, auth: options.auth ?? "bearer" }], raw: false };
}

/** Messages of a queue. */
export function queueTrigger<Q extends QueueRef>(
  queue: Q,
  options: { batch?: number } = {},
): { readonly kind: "queue"; readonly queue: Q; readonly batch: number } {
  return { kind: "queue", queue, batch: options.batch ?? 1 };
}

/** Moments in time, each once. `missed: "once"` delivers the latest slot that passed while nothing ran. */
export function scheduleTrigger(
  schedule: Schedule,
  options: { missed?: "skip" | "once" } = {},
): ScheduleTrigger {
  return { kind: "schedule", schedule, missed: options.missed ?? "skip" };
}

/** Verified events of an integration's webhooks, delivered through a queue named after the function. */
export function webhookTrigger(
  integration: string,
  events: readonly string[] = ["*"],
): WebhookTrigger {
  return { kind: "webhook", integration, events };
}

/**
 * Events of these types from a topic, delivered through a queue named after the function: with its attempts and dead
 * letters. Throws `invalid_argument` for a type that the topic does not declare.
 */
export function topicTrigger<E extends EventSchemas, const Type extends keyof E & string>(
  topic: TopicRef<E>,
  events: readonly Type[],
): TopicTrigger<Type> {
  const unknown = events.find((type) => !Object.hasOwn(topic.events, type));
  if (unknown === undefined) return { kind: "topic", topic: { name: topic.name }, events };
  throw new Fault(
    "invalid_argument",
    `function.trigger: topic "${topic.name}" has no event "${unknown}"; declare it there`,
  );
}
