import type { TopicDriver } from "#shared/topic";
import { expect, it } from "vitest";
import { anEvent } from "../../shared/topic/conformance/any-event.ts";

/** What both of AWS's topics owe a batch with one event that is too large; `takeAll` gives the bodies that arrived. */
export function batchConformance(
  open: () => TopicDriver,
  topic: string,
  takeAll: () => readonly string[] | Promise<readonly string[]>,
): void {
  it("tells which event of a batch was refused, beside those that were not", async () => {
    const driver = open();
    const texts = ["a", "x".repeat(262_144), "b"];
    const events = texts.map((text) => anEvent(text.slice(0, 1), text));
    const results = await driver.publish(topic, events, undefined);
    expect(results.map((result) => (result.ok ? "ok" : driver.codeOf(result.error)))).toEqual([
      "ok",
      "invalid_argument",
      "ok",
    ]);
    expect(await takeAll()).toHaveLength(2);
    await driver.close();
  });
}
