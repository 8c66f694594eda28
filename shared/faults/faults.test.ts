import { memoryQueue } from "#shared/queue";
import { memorySecrets } from "#shared/secrets";
import { memoryState, type StateDriver, type StateWrite } from "#shared/state";
import { FakeClock, seededRandom } from "#shared/testing";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { disorder } from "./disorder.ts";
import { faultyQueue, faultyState } from "./faulty-drivers.ts";
import { injectFaults } from "./inject-faults.ts";
import { PlannedFaults } from "./planned-faults.ts";
import { type FaultRates, seededFaults } from "./seeded-faults.ts";

const key = { store: "items", partition: "p", sort: "1" };
const put = (rev: string): StateWrite => ({
  kind: "put",
  key: { ...key },
  data: "{}",
  rev,
  expiresAtSeconds: null,
  condition: { kind: "any" },
});
const revOf = async (driver: StateDriver): Promise<string | undefined> =>
  (await driver.read({ ...key }, undefined))?.rev;

/** What 400 writes and reads ended in, one letter each. */
async function trail(seed: number, rates: FaultRates): Promise<string> {
  const source = seededFaults({ random: seededRandom(seed), rates });
  const { driver } = faultyState(memoryState(), source);
  let seen = "";
  for (let index = 0; index < 400; index += 1) {
    const call = index % 2 === 0 ? driver.write(put(`r${index}`), undefined) : revOf(driver);
    seen += await call.then(
      () => ".",
      (error: unknown) => driver.codeOf(error)?.[0] ?? "?",
    );
  }
  return seen;
}

it("repeats itself by seed, and has every kind of fault about as often as asked", async () => {
  const rates = { throttled: 0.1, resetBefore: 0.1, resetAfter: 0.1, late: 0.1 };
  const first = await trail(7, rates);
  expect(await trail(7, rates)).toBe(first);
  expect(await trail(8, rates)).not.toBe(first);
  const count = (letter: string): number => first.split(letter).length - 1;
  expect(count("r")).toBeGreaterThan(20);
  expect(count("u")).toBeGreaterThan(30);
  expect(count("d")).toBeGreaterThan(8);
  expect(count(".")).toBeGreaterThan(200);
  expect(await trail(7, {})).toBe(".".repeat(400));
});

it("breaks off before, after and long before a write happens", async () => {
  const faults = new PlannedFaults();
  const inner = memoryState();
  const injected = faultyState(inner, faults);
  const { driver, calls } = injected;
  const failing = { operation: "write", code: "unavailable", times: 1 } as const;
  faults.plan({ ...failing, when: "before" });
  await expect(driver.write(put("1"), undefined)).rejects.toThrow("injected");
  expect(await revOf(inner)).toBeUndefined();
  faults.plan({ ...failing, when: "after" });
  await expect(driver.write(put("2"), undefined)).rejects.toThrow("injected");
  expect(await revOf(inner)).toBe("2");
  faults.plan({ ...failing, when: "late" });
  await expect(driver.write(put("3"), undefined)).rejects.toThrow("injected");
  expect(await revOf(driver)).toBe("2");
  await driver.write({ ...put("4"), key: { ...key, sort: "2" } }, undefined);
  expect(await revOf(inner)).toBe("3");
  faults.plan({ ...failing, when: "late" });
  await expect(driver.write(put("5"), undefined)).rejects.toThrow("injected");
  await injected.arrive();
  expect(await revOf(inner)).toBe("5");
  expect(calls).toMatchObject({ write: 5, read: 1 });
});

it("breaks off after a commit only where there was one", async () => {
  const faults = new PlannedFaults();
  const { driver } = faultyState(memoryState(), faults);
  await driver.write(put("1"), undefined);
  faults.plan({ operation: "write", code: "unavailable", when: "after", times: 1 });
  const refused = { ...put("2"), condition: { kind: "absent", nowSeconds: 0 } } as const;
  expect(await driver.write(refused, undefined)).toMatchObject({ ok: false });
});

it("shows an older answer, and not for ever", async () => {
  const source = seededFaults({ random: { next: () => 0 }, rates: { stale: 1 }, mostPerCall: 99 });
  const inner = memoryState();
  const { driver } = faultyState(inner, source);
  await inner.write(put("1"), undefined);
  expect(await revOf(driver)).toBe("1");
  await inner.write(put("2"), undefined);
  expect(await revOf(driver)).toBe("1");
  for (let index = 0; index < 50; index += 1) await revOf(driver);
  expect(await revOf(driver)).toBe("2");
});

it("spares a call's repeats after two faults, and what it is told to spare", async () => {
  const always = { random: { next: () => 0 }, rates: { throttled: 1 } };
  const { driver } = faultyState(memoryState(), seededFaults(always));
  const write = put("1");
  await expect(driver.write(write, undefined)).rejects.toThrow("injected");
  await expect(driver.write(write, undefined)).rejects.toThrow("injected");
  expect(await driver.write(write, undefined)).toMatchObject({ ok: true });
  const spared = seededFaults({ ...always, spare: ({ operation }) => operation === "write" });
  const other = faultyState(memoryState(), spared).driver;
  expect(await other.write(put("1"), undefined)).toMatchObject({ ok: true });
});

it("fits a driver of any port, a class with private fields too", async () => {
  const faults = new PlannedFaults();
  const vault = memorySecrets({ a: "b" });
  const { driver } = injectFaults(vault, { read: { kind: "read" } }, faults);
  expect(await driver.read("a", undefined)).toEqual(await vault.read("a", undefined));
  faults.plan({ operation: "read", code: "resource_exhausted", when: "before", times: 1 });
  const error: unknown = await driver.read("a", undefined).catch((thrown: unknown) => thrown);
  expect(driver.codeOf(error)).toBe("resource_exhausted");

  class Counter {
    #count = 0;
    codeOf = (): undefined => undefined;
    async add(): Promise<number> {
      this.#count += 1;
      return this.#count;
    }
    total(): number {
      return this.#count;
    }
  }
  const counter = injectFaults(new Counter(), { add: { kind: "write" } }, faults).driver;
  expect([await counter.add(), counter.total()]).toEqual([1, 1]);
});

it("waits as long as its clock says", async () => {
  const clock = new FakeClock();
  const startMs = clock.now();
  const source = seededFaults({ random: seededRandom(1), clock, rates: { latencyMs: 100 } });
  await faultyState(memoryState(), source).driver.write(put("1"), undefined);
  expect(clock.now()).toBeGreaterThan(startMs);
});

it("delivers twice and out of order, and has a result for every message that was given", async () => {
  const random = seededRandom(3);
  const queue = memoryQueue();
  const source = new PlannedFaults();
  const { driver } = faultyQueue(queue, source, { random, duplicated: 0.5, reordered: 1 });
  const bodies = Array.from({ length: 20 }, (_, index) => String(index));
  const messages = bodies.map((body) => ({ body, delaySeconds: 0 }));
  expect(await driver.send("jobs", messages, undefined)).toEqual(bodies.map(() => ({ ok: true })));
  const arrived = queue.take("jobs");
  expect(new Set(arrived)).toEqual(new Set(bodies));
  expect(arrived.length).toBeGreaterThan(20);
  expect(arrived).not.toEqual(arrived.toSorted((a, b) => Number(a) - Number(b)));
});

it("loses nothing in disorder", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat()),
      fc.nat(),
      fc.double({ min: 0, max: 1 }),
      (list, seed, share) => {
        const random = seededRandom(seed);
        const after = disorder(list, { random, duplicated: share, reordered: share });
        expect(new Set(after)).toEqual(new Set(list));
        expect(after.length).toBeGreaterThanOrEqual(list.length);
        const calm = disorder(list, { random });
        expect(calm).toEqual(list);
      },
    ),
  );
});
