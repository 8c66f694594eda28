import type { Clock } from "#shared/function";
import type { OutgoingMessage, QueueDriver } from "./driver.ts";

/** A queue driver whose messages a test can take out. */
export type MemoryQueue = QueueDriver & {
  /** Removes and gives the bodies that are visible, oldest first. */
  take(queue: string): string[];
};

type Held = OutgoingMessage & { readonly visibleAtMs: number };

/** Reference driver. Without a clock a delay is accepted and passes at once. */
export function memoryQueue(clock?: Pick<Clock, "now">): MemoryQueue {
  const queues = new Map<string, Held[]>();
  return {
    name: "memory",
    // The shortest of the clouds' longest delays that is not zero (SQS), and their smallest body (Storage Queue).
    maxDelaySeconds: 900,
    maxBodyBytes: 48 * 1024,
    async send(queue, messages, signal) {
      signal?.throwIfAborted();
      const held = queues.get(queue) ?? [];
      queues.set(queue, held);
      for (const message of messages) {
        const visibleAtMs = clock === undefined ? 0 : clock.now() + message.delaySeconds * 1000;
        held.push({ ...message, visibleAtMs });
      }
      return messages.map(() => ({ ok: true }));
    },
    take(queue) {
      const nowMs = clock?.now() ?? 0;
      const { visible = [], hidden = [] } = Object.groupBy(queues.get(queue) ?? [], (message) =>
        message.visibleAtMs <= nowMs ? "visible" : "hidden",
      );
      queues.set(queue, hidden);
      return visible.map(({ body }) => body);
    },
    codeOf: () => undefined,
    async close() {},
  };
}
