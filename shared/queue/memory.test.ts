import { queueConformance } from "./conformance.ts";
import { memoryQueue } from "./memory.ts";

queueConformance("memory", {
  open: async (clock) => memoryQueue(clock),
  receive: async (driver, queue) => driver.take(queue),
});
