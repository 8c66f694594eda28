import { describe, expect, it } from "vitest";
import { ArmSpeed } from "./arm-speed.ts";

const MINUTE_MS = 60_000;
/** Three times slower, on the scale of logarithms, and how far usual calls scatter. */
const THREE_TIMES = Math.log(3);
const NOISE = 0.3;

describe("an arm's speed", () => {
  it("is as usual until calls plainly say otherwise", () => {
    const speed = new ArmSpeed(2);
    speed.heard(0, THREE_TIMES, NOISE, 0);
    expect(speed.shift(0, 0)).toBe(0);
    hear(speed, 8, THREE_TIMES);
    expect(speed.shift(0, 8 * MINUTE_MS)).toBeGreaterThan(Math.log(2));
    expect(speed.shift(1, 8 * MINUTE_MS)).toBe(0);
  });

  it("does not follow one call, however long it took", () => {
    const speed = new ArmSpeed(1);
    hear(speed, 20, 0);
    speed.heard(0, Math.log(1000), NOISE, 20 * MINUTE_MS);
    expect(speed.shift(0, 20 * MINUTE_MS)).toBe(0);
  });

  it("stays slower while calls scatter about that, and is as usual again when they are", () => {
    const speed = new ArmSpeed(1);
    hear(speed, 20, THREE_TIMES);
    for (const [call, log] of [0.5, 1.6, 0.7, 1.5].entries()) {
      speed.heard(0, log, NOISE, (20 + call) * MINUTE_MS);
      expect(speed.shift(0, (20 + call) * MINUTE_MS)).toBeGreaterThan(0);
    }
    hear(speed, 20, 0, 24);
    expect(speed.shift(0, 44 * MINUTE_MS)).toBe(0);
  });

  it("asks to be looked at after a minute of silence, and is forgotten in the end", () => {
    const speed = new ArmSpeed(1);
    hear(speed, 20, THREE_TIMES);
    const lastMs = 19 * MINUTE_MS;
    expect(speed.isOutdated(0, lastMs + MINUTE_MS / 2)).toBe(false);
    expect(speed.isOutdated(0, lastMs + 2 * MINUTE_MS)).toBe(true);
    expect(speed.worst(0, lastMs + 10 * MINUTE_MS)).toBeGreaterThan(speed.worst(0, lastMs));
    expect(speed.shift(0, lastMs + 120 * MINUTE_MS)).toBe(0);
    expect(speed.isOutdated(0, lastMs + 120 * MINUTE_MS)).toBe(false);
  });
});

/** So many calls, a minute apart. */
function hear(speed: ArmSpeed, calls: number, log: number, fromMinute = 0): void {
  for (let call = 0; call < calls; call++) {
    speed.heard(0, log, NOISE, (fromMinute + call) * MINUTE_MS);
  }
}
