import { cron, every } from "#shared/function";
import { describe, expect, it } from "vitest";
import { firesPerMonth, numbersOf } from "./schedule-times.ts";

describe("the times of a schedule", () => {
  it.each([
    ["*", 0, 3, [0, 1, 2, 3]],
    ["*/2", 1, 6, [1, 3, 5]],
    ["5", 0, 59, [5]],
    ["1-3,2-9/4", 0, 59, [1, 2, 3, 6]],
  ])("read the field %s", (field, min, max, numbers) => {
    expect(numbersOf(field, min, max)).toEqual(numbers);
  });

  it.each([
    [every(15, "minutes"), 4 * 24 * 365.25],
    [every(6, "hours"), 4 * 365.25],
    [cron("0 8 * * *"), 365.25],
    [cron("0,30 9-17 * * 1-5"), (2 * 9 * 365.25 * 5) / 7],
    [cron("0 0 31 * *"), 7],
    [cron("0 0 29 2 *"), 0.25],
    [cron("0 0 30 2 *"), 0],
  ])("fire as often as $cron$count says", (schedule, perYear) => {
    // Weekdays do not divide four years evenly.
    expect(Math.abs(firesPerMonth(schedule) * 12 - perYear)).toBeLessThanOrEqual(perYear * 0.002);
  });
});
