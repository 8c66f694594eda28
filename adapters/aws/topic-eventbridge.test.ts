import { afterAll, expect, it } from "vitest";
import { anEvent } from "../../shared/topic/conformance/any-event.ts";
import { conformanceSubscriptions, topicConformance } from "../../shared/topic/conformance.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { eventBridgeSource, eventBridgeTopic } from "./drivers/topic-eventbridge.ts";
import { startEventBridgeFake } from "./engines/eventbridge.conformance.ts";

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

it("tells which event of a batch was refused, beside those that were not", async () => {
  const driver = eventBridgeTopic(fake.options);
  const texts = ["a", "x".repeat(262_144), "b"];
  const events = texts.map((text) => anEvent(text.slice(0, 1), text));
  const results = await driver.publish(topic, events, undefined);
  expect(results.map((result) => (result.ok ? "ok" : driver.codeOf(result.error)))).toEqual([
    "ok",
    "invalid_argument",
    "ok",
  ]);
  expect(takeAll(queue)).toHaveLength(2);
  await driver.close();
});
