import { cron, every, type Schedule, toCron } from "#shared/function";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScheduleCodec } from "./codecs.ts";

/**
 * Takes one native event through the vendor's own runtime library to `answer`. `nowMs` is what the clock says
 * then, for events that do not tell when they fired.
 */
export type CarrySchedule<Event, NativeRequest> = (
  request: NativeRequest,
  answer: (event: Event) => void,
  nowMs: number,
) => Promise<unknown>;

const MINUTE_MS = 60_000;
const slotMs = Date.UTC(2026, 10, 21, 9, 30);

const portable: readonly Schedule[] = [
  every(1, "minutes"),
  every(15, "minutes"),
  every(1, "hours"),
  every(6, "hours"),
  cron("0 9 * * 1-5"),
  cron("30 2 1 * *"),
  cron("0 0 29 2 *"),
  cron("5,35 8-18 * * 0"),
  cron("0 0 * * 6,0"),
  cron("*/7 * * * *"),
  cron("0 12 1-7 1,7 *"),
];

const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min, max }).map(String),
    fc
      .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 })
      .map((days) => days.join(",")),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.integer({ min: 1, max: 12 }).map((step) => `*/${step}`),
  );
const anyCron = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6), fc.boolean())
  .map(([minute, hour, dom, month, dow, byWeek]) =>
    [minute, hour, byWeek ? "*" : dom, month, byWeek ? dow : "*"].join(" "),
  );

/** The contract of every cloud's schedule: the dialect says the same, and an event stands for its slot. */
export function scheduleCodecConformance<Event, NativeRequest>(
  codec: ScheduleCodec<Event, NativeRequest>,
  carry: CarrySchedule<Event, NativeRequest>,
): void {
  const receive = async (firedAtMs: number): Promise<{ slotMs: number; firedAtMs: number }> => {
    const seen: { slotMs: number; firedAtMs: number }[] = [];
    await carry(
      codec.emulate(slotMs, firedAtMs),
      (event) => void seen.push(codec.decode(event)),
      firedAtMs,
    );
    const [first] = seen;
    if (first === undefined) throw new Error("the library did not call the function");
    return first;
  };

  describe(`${codec.runtime} schedule codec`, () => {
    it.each(portable.map((schedule) => [toCron(schedule), schedule] as const))(
      "says %s in its own dialect and reads it back",
      (expression, schedule) => {
        expect(codec.parse(codec.compile(schedule))).toBe(expression);
      },
    );

    it("reads back whatever it can say", () => {
      fc.assert(
        fc.property(anyCron, (expression) => {
          expect(codec.parse(codec.compile(cron(expression)))).toBe(expression);
        }),
      );
    });

    it.each([
      ["on time", 0],
      ["a little late", 20_000],
      ["minutes late", 5 * MINUTE_MS],
      ["early by the clock's skew", -200],
    ])("an event that fires %s stands for its slot", async (_, offsetMs) => {
      const firedAtMs = slotMs + offsetMs;
      expect(await receive(firedAtMs)).toEqual({ slotMs, firedAtMs });
    });
  });
}
