import { defineFunction, every, type FunctionDefinition, scheduleTrigger } from "#shared/function";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { type EntryHarness, freshName, type RunningEntry } from "./entry-harness.ts";
import { conformancePorts } from "./ports.conformance.ts";

/** What every cloud's entry owes a scheduled function. */
export function entryScheduleConformance(harness: EntryHarness): void {
  let running: RunningEntry | undefined;
  afterEach(() => running?.stop());
  // The slot that has just begun: no cloud fires for one that is still to come.
  const slotMs = Math.floor(Date.now() / 60_000) * 60_000;

  describe("schedule", () => {
    it("hands over the slot, once, however often it fires", async () => {
      const slots: number[] = [];
      running = await harness.start(
        scheduled(async (slot) => void slots.push(slot.getTime())),
        conformancePorts(),
      );
      expect(await running.schedule(slotMs, slotMs + 500)).toBe(true);
      expect(await running.schedule(slotMs, slotMs + 900)).toBe(true);
      expect(slots).toEqual([slotMs]);
    });

    it("tells the platform that a handler failed", async () => {
      const failing = scheduled(async () => {
        throw new Error("planned");
      });
      running = await harness.start(failing, conformancePorts());
      expect(await running.schedule(slotMs, slotMs + 500)).toBe(false);
    });
  });
}

function scheduled(handle: (slot: Date) => Promise<void>): FunctionDefinition {
  return defineFunction({
    name: freshName("schedule"),
    summary: "A function under test",
    trigger: scheduleTrigger(every(1, "minutes")),
    input: z.unknown(),
    uses: {},
    handler: (_, { slot }) => handle(slot),
  });
}
