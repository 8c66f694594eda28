import { fanOut, type Subscription, type TopicDriver } from "#shared/topic";
import { codeOfSqlite } from "./database.ts";
import type { Messages } from "./messages.ts";
import { queueLimits } from "./answers.ts";

/** Topics of the embedded engine: an event is durable as one message for each subscriber, or for none. */
export function engineTopic(
  messages: Messages,
  home: string,
  subscriptions: readonly Subscription[],
): TopicDriver {
  return {
    name: "sqlite",
    maxEventBytes: queueLimits.maxBodyBytes,
    async publish(topic, events, signal) {
      signal?.throwIfAborted();
      const deliveries = fanOut(subscriptions, topic, events);
      await messages.sendAll(
        deliveries.map(({ queue, body }) => ({ queue, body, delaySeconds: 0 })),
        home,
      );
      return events.map(() => ({ ok: true }));
    },
    codeOf: codeOfSqlite,
    close: async () => {},
  };
}
