import { Fault } from "#shared/errors";
import type { QueueDriver } from "#shared/queue";
import type { CloudEvent } from "./cloud-event.ts";
import type { TopicDriver } from "./driver.ts";
import { fanOut, type Subscription } from "./subscription.ts";

/** A topic driver whose events a test can take out. */
export type MemoryTopic = TopicDriver & {
  /** Removes and gives the events published to a topic, oldest first, whether anybody subscribed or not. */
  take(topic: string): readonly CloudEvent[];
};

/** Reference driver over a queue driver, for these subscriptions. */
export function memoryTopic(
  queue: QueueDriver,
  subscriptions: readonly Subscription[] = [],
): MemoryTopic {
  const published = new Map<string, CloudEvent[]>();
  let isClosed = false;
  return {
    name: "memory",
    maxEventBytes: queue.maxBodyBytes,
    async publish(topic, events, signal) {
      signal?.throwIfAborted();
      if (isClosed) throw new Fault("unavailable", "topic.publish: the driver is closed; open one");
      published.set(topic, [...(published.get(topic) ?? []), ...events]);
      for (const { queue: name, body } of fanOut(subscriptions, topic, events)) {
        await queue.send(name, [{ body, delaySeconds: 0 }], signal);
      }
      return events.map(() => ({ ok: true }));
    },
    take(topic) {
      const events = published.get(topic) ?? [];
      published.delete(topic);
      return events;
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    async close() {
      isClosed = true;
    },
  };
}
