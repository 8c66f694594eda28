import { afterAll, expect, it } from "vitest";
import {
  conformanceSubscriptions,
  conformanceTopics,
  topicConformance,
} from "../../shared/topic/conformance.ts";
import { anEvent } from "../../shared/topic/conformance/any-event.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { sqsReceiver } from "./drivers/queue-sqs-receiver.ts";
import { snsTopic } from "./drivers/topic-sns.ts";
import { startFauxqsEngine } from "./engines/fauxqs.conformance.ts";
import { batchConformance } from "./topic-batch.conformance.ts";

const engine = await startFauxqsEngine([]);
for (const topic of conformanceTopics) engine.addTopic(topic, conformanceSubscriptions);
const receiver = sqsReceiver(engine.options);
const [topic = ""] = conformanceTopics;

afterAll(async () => {
  await receiver.close();
  await engine.stop();
});

/** Bodies as Lambda's event source mapping hands them over. */
async function takeAll(queue: string): Promise<string[]> {
  const received = await receiver.receive(queue, { limit: 1_000, leaseSeconds: 30 });
  await Promise.all(received.map(({ handle }) => receiver.settle(queue, handle, "done")));
  return awsQueueCodec.decode(awsQueueCodec.emulate(queue, received)).map(({ body }) => body);
}

topicConformance("SNS", {
  engine: "fauxqs",
  open: async () => snsTopic(engine.options),
  receive: async (_, queue) => takeAll(queue),
  async refused() {
    return {
      driver: snsTopic({ ...engine.options, arnPrefix: "arn:aws:sns:us-east-1:1" }),
      code: "not_found",
    };
  },
});

batchConformance(
  () => snsTopic(engine.options),
  topic,
  () => takeAll("conformance-all"),
);

it("parts batches by bytes, so that large events do not push each other out", async () => {
  const driver = snsTopic(engine.options);
  const events = Array.from({ length: 12 }, (_, id) => anEvent(String(id), "x".repeat(100_000)));
  const results = await driver.publish(topic, events, undefined);
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(await takeAll("conformance-all")).toHaveLength(12);
  await driver.close();
});
