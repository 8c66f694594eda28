import { Fault } from "#shared/errors";
import type { TopicDriver } from "#shared/topic";
import { queueLimits } from "../engine/answers.ts";
import type { Channel } from "../ipc.ts";

/** Topics of the engine in the parent process, which takes all events of a call or none. */
export function localTopic(channel: Channel): TopicDriver {
  return {
    name: "local",
    maxEventBytes: queueLimits.maxBodyBytes,
    async publish(topic, events, signal) {
      await channel.call("topic.publish", { topic, events }, signal);
      return events.map(() => ({ ok: true }));
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    async close() {},
  };
}
