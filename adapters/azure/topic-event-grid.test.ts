import { afterAll, beforeAll, expect, it } from "vitest";
import { anEvent } from "../../shared/topic/conformance/any-event.ts";
import {
  conformanceSubscriptions,
  conformanceTopics,
  topicConformance,
} from "../../shared/topic/conformance.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { eventGridTopic } from "./drivers/topic-event-grid.ts";
import { type FakeEventGrid, startEventGrid } from "./engines/event-grid.conformance.ts";

let grid: FakeEventGrid;
const [topic = ""] = conformanceTopics;

beforeAll(async () => {
  grid = await startEventGrid(conformanceTopics, conformanceSubscriptions);
});

afterAll(() => grid.stop());

/** Bodies as the host hands them over: JSON is parsed before the function sees it. */
function takeAll(queue: string): string[] {
  const triggerMetadata = { id: "m-1", dequeueCount: 1 };
  return grid.take(queue).flatMap((text) => {
    const entry: unknown = JSON.parse(text);
    return azureQueueCodec.decode({ entry, triggerMetadata }).map(({ body }) => body);
  });
}

topicConformance("Event Grid", {
  engine: "topics on the wire",
  open: async () => eventGridTopic(grid.options),
  receive: async (_, queue) => takeAll(queue),
  refused: async () => ({
    driver: eventGridTopic({ ...grid.options, account: { key: "another key" } }),
    code: "unauthenticated",
  }),
});

it("parts what is more than one request carries", async () => {
  const driver = eventGridTopic(grid.options);
  const events = Array.from({ length: 30 }, (_, id) => anEvent(String(id), "x".repeat(45_000)));
  const results = await driver.publish(topic, events, undefined);
  expect(results).toEqual(events.map(() => ({ ok: true })));
  expect(takeAll("conformance-all")).toHaveLength(30);
});

it("fails the events of the request that was refused, and no others", async () => {
  const driver = eventGridTopic(grid.options);
  const events = Array.from({ length: 30 }, (_, id) => anEvent(String(id), "x".repeat(45_000)));
  grid.refuse(503, "ServiceUnavailable", 1);
  const results = await driver.publish(topic, events, undefined);
  const failed = events.filter((_, index) => results[index]?.ok === false);
  expect(takeAll("conformance-all")).toHaveLength(30 - failed.length);
  expect(failed.length).toBeGreaterThan(0);
});

it.each([
  [400, "BadRequest", "invalid_argument"],
  [403, "Forbidden", "permission_denied"],
  [413, "RequestEntityTooLarge", "too_large"],
  [429, "TooManyRequests", "resource_exhausted"],
  [503, "ServiceUnavailable", "unavailable"],
] as const)("throws for %i %s, and asks once", async (status, code, expected) => {
  const driver = eventGridTopic(grid.options);
  grid.refuse(status, code, 1);
  const publishing = driver.publish(topic, [anEvent("e-1", "canary")], undefined);
  const error: unknown = await publishing.catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe(expected);
  expect(takeAll("conformance-all")).toEqual([]);
});
