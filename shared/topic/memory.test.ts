import { memoryQueue } from "#shared/queue";
import { conformanceSubscriptions, topicConformance } from "./conformance.ts";
import { memoryTopic } from "./memory.ts";

topicConformance("memory", {
  async open(clock) {
    const queue = memoryQueue(clock);
    return { ...memoryTopic(queue, conformanceSubscriptions), queue };
  },
  receive: async ({ queue }, name) => queue.take(name),
  async refused() {
    const driver = memoryTopic(memoryQueue());
    await driver.close();
    return { driver, code: "unavailable" };
  },
});
