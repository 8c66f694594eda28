import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

describe("retryAfterMs", () => {
  it.each([
    ["0", 0],
    ["30", 30_000],
    [" 2 ", 2_000],
    ["0.5", 500],
    ["99999", 3_600_000],
    ["Sat, 21 Nov 2026 12:00:45 GMT", 45_000],
    ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
    ["Sun, 21 Nov 2027 12:00:00 GMT", 3_600_000],
  ])("reads %s", (value, milliseconds) => {
    expect(retryAfterMs(value, now)).toBe(milliseconds);
  });

  it.each([
    "",
    "soon",
    "-1",
    "+5",
    "1e3",
    "0x10",
    "Infinity",
    "NaN",
    "5s",
    "5, 10",
    "2026-11-21T12:00:45Z",
    "Saturday, 21-Nov-26 12:00:45 GMT",
    "Sat, 99 Nov 2026 12:00:45 GMT",
    "1".repeat(400),
  ])("ignores %s", (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  it("stays within zero and an hour whatever it is given", () => {
    const dates = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), dates), (value) => {
        const wait = retryAfterMs(value, now) ?? 0;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});
