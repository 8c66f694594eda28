import { Fault } from "#shared/errors";
import type { QueueDriver } from "#shared/queue";
import { queueLimits } from "../engine/answers.ts";
import type { Channel } from "../ipc.ts";

/** Queues of the engine in the parent process, which takes a whole batch or none of it. */
export function localQueue(channel: Channel): QueueDriver {
  return {
    name: "local",
    ...queueLimits,
    async send(queue, messages, signal) {
      await channel.call("queue.send", { queue, messages }, signal);
      return messages.map(() => ({ ok: true }));
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    async close() {},
  };
}
