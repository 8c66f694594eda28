import { Fault } from "#shared/errors";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cron, every, toCron } from "./schedule.ts";

describe("every", () => {
  it.each([
    [every(1, "minutes"), "* * * * *"],
    [every(15, "minutes"), "*/15 * * * *"],
    [every(1, "hours"), "0 * * * *"],
    [every(6, "hours"), "0 */6 * * *"],
  ])("%j is %s", (schedule, expected) => {
    expect(toCron(schedule)).toBe(expected);
  });

  it.each([0, -5, 7, 45, 60, 1.5, Number.NaN])("refuses %d minutes, which drift", (count) => {
    expect(() => every(count, "minutes")).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });
});

describe("cron", () => {
  it.each(["0 9 * * *", "*/15 8-18 * * 1-5", "0,30 0 1 1,7 *", "5 4 * * 0", "0-30/10 * * * *"])(
    "takes %s",
    (expression) => {
      expect(toCron(cron(expression))).toBe(expression);
    },
  );

  it.each([
    ["0 0 9 * * *", "six fields"],
    ["0 9 * *", "four fields"],
    ["0 9 13 * 5", "both day fields"],
    ["0 9 * * 7", "7 for Sunday"],
    ["0 9 * * MON", "names"],
    ["0 9 L * *", "L"],
    ["0 9 ? * 1", "?"],
    ["0 9 * * 5#2", "#"],
    ["60 * * * *", "minute 60"],
    ["0 24 * * *", "hour 24"],
    ["0 9 0 * *", "day 0"],
    ["0 9 * 13 *", "month 13"],
    ["30-10 * * * *", "a backward range"],
    ["5/10 * * * *", "a step without a range"],
    ["*/0 * * * *", "a step of 0"],
    ["", "nothing"],
  ])("refuses %s (%s)", (expression) => {
    expect(() => cron(expression)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  it("takes or refuses any text with a fault, and nothing else", () => {
    const characters = fc.constantFrom(..."0123456789*/,-? LW#".split(""));
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 30 }), (text) => {
        expect(fieldsOrCode(text)).toSatisfy((got) => got === 5 || got === "invalid_argument");
      }),
    );
  });
});

function fieldsOrCode(text: string): unknown {
  try {
    return toCron(cron(text)).split(" ").length;
  } catch (thrown) {
    return Fault.is(thrown) ? thrown.code : thrown;
  }
}
