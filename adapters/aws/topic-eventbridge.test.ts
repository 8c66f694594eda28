import { afterAll } from "vitest";
import { conformanceSubscriptions, topicConformance } from "../../shared/topic/conformance.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { eventBridgeSource, eventBridgeTopic } from "./drivers/topic-eventbridge.ts";
import { startEventBridgeFake } from "./engines/eventbridge.conformance.ts";
import { batchConformance } from "./topic-batch.conformance.ts";

const rules = conformanceSubscriptions.map(({ topic, queue, types }) => ({
  source: eventBridgeSource(topic),
  detailTypes: types,
  queue,
}));
const fake = await startEventBridgeFake(rules);
const broken = await startEventBridgeFake(rules);
broken.refuse("ThrottlingException");
const [{ topic, queue } = { topic: "", queue: "" }] = conformanceSubscriptions;

afterAll(() => Promise.all([fake.stop(), broken.stop()]));

/** Bodies as Lambda's event source mapping hands them over. */
function takeAll(name: string): string[] {
  const received = fake
    .take(name)
    .map((body, index) => ({ handle: String(index), body, receiveCount: 1 }));
  return awsQueueCodec.decode(awsQueueCodec.emulate(name, received)).map(({ body }) => body);
}

topicConformance("EventBridge", {
  engine: "a bus on the wire",
  open: async () => eventBridgeTopic(fake.options),
  receive: async (_, name) => takeAll(name),
  refused: async () => ({
    driver: eventBridgeTopic(broken.options),
    code: "resource_exhausted",
  }),
});

batchConformance(
  () => eventBridgeTopic(fake.options),
  topic,
  () => takeAll(queue),
);
