import { Fault } from "#shared/errors";
import { memoryState, openStore } from "#shared/state";
import { FakeClock, seededRandom } from "#shared/testing";
import { beforeEach, expect, it } from "vitest";
import { type FiredTick, fireSlots } from "./fire-slots.ts";
import type { HeldSlot } from "./run-slot.ts";
import { scheduleSlots, type SlotStore } from "./schedule-slots.ts";

const HOUR_MS = 3_600_000;
const firstMs = Date.UTC(2026, 10, 21, 8);
const broken = new Fault("unavailable", "test: broken");

let clock: FakeClock;
let rows: SlotStore;
let fired: { readonly hour: number; readonly fence: number; readonly key: string }[];

beforeEach(() => {
  clock = new FakeClock(firstMs);
  fired = [];
  rows = openStore(
    scheduleSlots,
    { state: memoryState(), clock, random: seededRandom(1) },
    {
      tenant: "default",
      traceparent: "",
      event: undefined,
      signal: new AbortController().signal,
    },
  );
});

function tick(hour: number, options: Partial<FiredTick> = {}): FiredTick {
  return {
    schedule: "digest",
    slotMs: firstMs + hour * HOUR_MS,
    owner: "test",
    leaseSeconds: 30,
    clock,
    cron: "0 * * * *",
    missed: "once",
    ...options,
  };
}

async function record(slotMs: number, { key, fence }: HeldSlot): Promise<void> {
  fired.push({ hour: (slotMs - firstMs) / HOUR_MS, fence, key });
}

const poisoned = (slotMs: number, held: HeldSlot): Promise<void> =>
  slotMs === firstMs ? Promise.reject(broken) : record(slotMs, held);
const hours = (): number[] => fired.map(({ hour }) => hour);

it("runs a slot once however often and wherever it fires", async () => {
  await fireSlots(rows, tick(0), record);
  await fireSlots(rows, tick(0, { owner: "another cloud" }), record);
  expect(fired).toEqual([{ hour: 0, fence: 1, key: "digest@2026-11-21T08:00:00.000Z" }]);
});

it("sends others away while it runs, beyond the lease by more than clocks may differ", async () => {
  await fireSlots(rows, tick(0), async () => {
    const other = { ...tick(0), clock: { now: () => clock.now() + 59_000 } };
    await expect(fireSlots(rows, other, record)).rejects.toMatchObject({
      code: "aborted",
      retryAfterMs: 1_000,
    });
  });
  expect(fired).toEqual([]);
});

it("gives the slot of a run that never ended to the next, under a higher fence, and refuses the first one's end", async () => {
  const late = fireSlots(rows, tick(0), async () => {
    clock.advance(61_000);
    await fireSlots(rows, tick(0), async (slotMs, held) => {
      await record(slotMs, held);
      clock.advance(1_000);
      throw broken;
    }).catch(() => undefined);
  });
  await expect(late).rejects.toMatchObject({ code: "aborted" });
  await fireSlots(rows, tick(0), record);
  expect(fired.map(({ fence }) => fence)).toEqual([2, 3]);
});

it("runs a slot again whose handler failed, at its next delivery or at the next slot", async () => {
  const failing = fireSlots(rows, tick(0), () => Promise.reject(broken));
  await expect(failing).rejects.toBe(broken);
  await fireSlots(rows, tick(1, { missed: "skip" }), record);
  expect(fired.map(({ hour, fence }) => [hour, fence])).toEqual([
    [0, 2],
    [1, 1],
  ]);
});

it("owes nothing for the time before the first slot", async () => {
  await fireSlots(rows, tick(5), record);
  expect(hours()).toEqual([5]);
});

it.each([
  ["once", [0, 4, 5]],
  ["skip", [0, 5]],
] as const)(
  "delivers of slots that passed while nothing ran, with missed: %s, %j",
  async (missed, expected) => {
    await fireSlots(rows, tick(0), record);
    await fireSlots(rows, tick(5, { missed }), record);
    await fireSlots(rows, tick(5, { missed }), record);
    expect(hours()).toEqual(expected);
  },
);

it("does not let what is owed keep a slot from running, and tells of it", async () => {
  await fireSlots(rows, tick(0), record);
  const ticked = fireSlots(rows, tick(2), (slotMs, held) =>
    slotMs === firstMs + HOUR_MS ? Promise.reject(broken) : record(slotMs, held),
  );
  await expect(ticked).rejects.toBe(broken);
  expect(hours()).toEqual([0, 2]);
});

it("gives every slot that was begun its turn, though one of them always fails", async () => {
  for (const hour of [0, 1]) {
    await fireSlots(rows, tick(hour), () => Promise.reject(broken)).catch(() => undefined);
  }
  for (const hour of [2, 3]) {
    await expect(fireSlots(rows, tick(hour), poisoned)).rejects.toBe(broken);
  }
  expect(hours()).toEqual([1, 2, 3]);
});
