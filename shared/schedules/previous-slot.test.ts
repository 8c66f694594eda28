import { Cron } from "croner";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { previousSlot } from "./previous-slot.ts";

const MINUTE_MS = 60_000;

const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${a},${b}`),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min: 1, max: 6 }))
      .map(([a, b, step]) => `${Math.min(a, b)}-${Math.max(a, b)}/${step}`),
    fc.integer({ min: 1, max: 6 }).map((step) => `*/${step}`),
  );
const anyCron = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6), fc.boolean())
  .map(([minute, hour, dom, month, dow, byWeek]) =>
    [minute, hour, byWeek ? "*" : dom, month, byWeek ? dow : "*"].join(" "),
  );
const anyTime = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

it("is a time of the schedule, with none between it and the moment, as croner reads schedules", () => {
  fc.assert(
    fc.property(anyCron, anyTime, (cron, beforeMs) => {
      const slotMs = previousSlot(cron, beforeMs) ?? 0;
      expect(slotMs).toBeLessThan(beforeMs);
      const job = new Cron(cron, { timezone: "UTC", mode: "5-part", paused: true });
      expect(job.nextRun(new Date(slotMs - MINUTE_MS))?.getTime()).toBe(slotMs);
      expect(job.nextRun(new Date(slotMs))?.getTime()).toBeGreaterThanOrEqual(beforeMs);
    }),
    { numRuns: 300 },
  );
});

it.each([
  ["0 0 29 2 *", Date.UTC(2103, 0), Date.UTC(2096, 1, 29)],
  ["0 0 31 2 *", Date.UTC(2026, 0), undefined],
  // The nights on which clocks are changed in Berlin.
  ["30 * * * *", Date.UTC(2026, 2, 29, 2), Date.UTC(2026, 2, 29, 1, 30)],
  ["30 * * * *", Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 9, 25, 0, 30)],
])("%s before %d is %s", (cron, beforeMs, slotMs) => {
  expect(previousSlot(cron, beforeMs)).toBe(slotMs);
});
