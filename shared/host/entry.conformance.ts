import { describe } from "vitest";
import { entryQueueConformance } from "./entry-queue.conformance.ts";
import { entryScheduleConformance } from "./entry-schedule.conformance.ts";
import type { EntryHarness } from "./entry-harness.ts";
import { entryHttpConformance } from "./entry-http.conformance.ts";
import { entryIsolationConformance } from "./entry-isolation.conformance.ts";
import { entryTopicConformance } from "./entry-topic.conformance.ts";

export type { EntryHarness } from "./entry-harness.ts";

/** The contract of every cloud's entry, held through the vendor's real runtime library. */
export function entryConformance(runtime: string, harness: EntryHarness): void {
  describe(`${runtime} entry`, () => {
    entryHttpConformance(harness);
    entryQueueConformance(runtime, harness);
    entryScheduleConformance(harness);
    entryTopicConformance(harness);
    entryIsolationConformance(runtime, harness);
  });
}
