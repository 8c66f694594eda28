import * as fc from "fast-check";
import { expect, it } from "vitest";
import { HybridClock } from "./hlc.ts";

it("grows whatever the wall clock does", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 2 }), (times) => {
      const clock = new HybridClock("00000001");
      const readings = times.map((time) => clock.next(time));
      expect(readings).toEqual([...new Set(readings)].toSorted());
    }),
  );
});

it("grows past a full counter", () => {
  const clock = new HybridClock("00000001");
  const readings = Array.from({ length: 70_000 }, () => clock.next(1));
  expect(readings.every((reading, index) => reading > (readings[index - 1] ?? ""))).toBe(true);
  expect(readings.at(-1)).toMatch(/^000000000002-/);
});

it("is later than what it observed, but does not follow a broken clock", () => {
  const clock = new HybridClock("00000001");
  const other = new HybridClock("00000002");
  const reading = other.next(300_000);
  clock.observe(reading, 0);
  expect(clock.next(0) > reading).toBe(true);
  const broken = "ffffffffffff-ffff-00000003";
  clock.observe(broken, 0);
  clock.observe("nonsense", 0);
  expect(clock.next(0) < broken).toBe(true);
});
