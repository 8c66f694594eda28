import { Fault } from "#shared/errors";
import { FakeClock, seededRandom } from "#shared/testing";
import { expect } from "vitest";
import { type Bench, type BenchRule, conformanceStore, type Item, revOf } from "./bench.ts";

const at = { shelf: "a", id: "1" };
const item = (count: number): Item => ({ ...at, count, data: null });
const add = (now: Item | undefined): Item => item((now?.count ?? 0) + 1);

/** What happens when the store fails, lags or is told by clocks that disagree. */
export function failureRules(rule: BenchRule): void {
  rule("S14", "a throttled call is repeated a few times and no more", async (bench) => {
    const { items, faults, calls, clock } = bench;
    faults.plan({ operation: "write", code: "resource_exhausted", when: "before", times: 2 });
    expect(await items.create(item(1))).toMatchObject({ ok: true });
    expect(calls).toMatchObject({ write: 3, read: 0 });
    const startMs = clock.now();
    faults.plan({ operation: "read", code: "unavailable", when: "before", times: 99 });
    await expect(items.get(at)).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
    expect(calls.read).toBe(4);
    expect(clock.now() - startMs).toBeLessThan(400);
    faults.plan({ operation: "read", code: "permission_denied", when: "before", times: 9 });
    await expect(items.get(at)).rejects.toMatchObject({ code: "permission_denied" });
    expect(calls.read).toBe(5);
  });

  rule("S15", "a write whose answer was lost happens once and is reported done", async (bench) => {
    const { items } = bench;
    lose(bench, "write");
    const created = revOf(await items.create(item(1)));
    lose(bench, "write");
    const replaced = revOf(await items.put(item(2), { ifRev: created }));
    expect(await items.get(at)).toEqual({ value: item(2), rev: replaced });
    lose(bench, "write");
    expect((await items.update(at, add))?.value.count).toBe(3);
    lose(bench, "transact");
    const value = { ...item(1), id: "2" };
    const done = await items.transact("a", [{ kind: "create", value }]);
    expect(done).toMatchObject({ ok: true });
    expect(await items.get(value)).toEqual({ value, rev: done.ok ? done.revs[0] : undefined });
    // A row that is gone does not tell who deleted it.
    lose(bench, "write");
    const deleting = items.delete(value, { ifRev: "any" });
    await expect(deleting).rejects.toMatchObject({ details: { outcome: "unknown" } });
    expect(await items.get(value)).toBeUndefined();
  });

  rule("S24", "a write that broke off is repeated if its row is still the same", async (bench) => {
    const { items, faults, calls } = bench;
    const rev = revOf(await items.create(item(1)));
    faults.plan({ operation: "write", code: "deadline_exceeded", when: "before", times: 1 });
    const next = revOf(await items.put(item(2), { ifRev: rev }));
    faults.plan({ operation: "transact", code: "unavailable", when: "before", times: 1 });
    const ops = [{ kind: "put", value: item(3), ifRev: next }] as const;
    expect(await items.transact("a", ops)).toMatchObject({ ok: true });
    faults.plan({ operation: "write", code: "unavailable", when: "before", times: 1 });
    expect((await items.update(at, add))?.value.count).toBe(4);
    // Whether a key was always free, or what was made there is gone again, it does not tell.
    const made = calls.write;
    faults.plan({ operation: "write", code: "unavailable", when: "before", times: 1 });
    const creating = items.create({ ...item(1), id: "2" });
    await expect(creating).rejects.toMatchObject({ details: { outcome: "unknown" } });
    expect(calls.write).toBe(made + 1);
  });

  rule("S25", "a lost answer and another writer make the outcome unknown", async (bench) => {
    const { items, faults } = bench;
    const rev = revOf(await items.create(item(1)));
    const meanwhile = (): Promise<unknown> => items.put(item(9), { ifRev: "any" });
    faults.plan({ operation: "write", code: "unavailable", when: "after", times: 1, meanwhile });
    await expect(items.put(item(2), { ifRev: rev })).rejects.toMatchObject({
      code: "unavailable",
      details: { outcome: "unknown" },
    });
    expect((await items.get(at))?.value.count).toBe(9);
    faults.plan({ operation: "write", code: "unavailable", when: "after", times: 1, meanwhile });
    await expect(items.put(item(2), { ifRev: "any" })).rejects.toMatchObject({
      details: { outcome: "unknown" },
    });
    faults.plan({ operation: "transact", code: "unavailable", when: "after", times: 1, meanwhile });
    const ops = [{ kind: "put", value: item(2), ifRev: "any" }] as const;
    await expect(items.transact("a", ops)).rejects.toMatchObject({ code: "unavailable" });
    expect((await items.get(at))?.value.count).toBe(9);
  });

  rule("S26", "a write that lands while it is repeated counts once, as done", async (bench) => {
    const { items, faults } = bench;
    const first = revOf(await items.create(item(1)));
    faults.plan({ operation: "write", code: "deadline_exceeded", when: "late", times: 1 });
    const rev = revOf(await items.put(item(2), { ifRev: first }));
    expect(await items.get(at)).toEqual({ value: item(2), rev });
    faults.plan({ operation: "write", code: "deadline_exceeded", when: "late", times: 1 });
    expect((await items.update(at, add))?.value.count).toBe(3);
    const current = await items.get(at);
    faults.plan({ operation: "transact", code: "deadline_exceeded", when: "late", times: 1 });
    const value = { ...item(1), id: "2" };
    const ops = [
      { kind: "create", value },
      { kind: "put", value: item(4), ifRev: current?.rev ?? "any" },
    ] as const;
    expect(await items.transact("a", ops)).toMatchObject({ ok: true });
    expect((await items.get(value))?.value).toEqual(value);
    expect((await items.get(at))?.value.count).toBe(4);
  });

  rule("S27", "a write that lands late and is replaced at once is unknown", async (bench) => {
    const { items, faults } = bench;
    const rev = revOf(await items.create(item(1)));
    const clock = new FakeClock(bench.clock.now());
    clock.sleep = async () => void (await items.put(item(9), { ifRev: "any" }));
    faults.plan({ operation: "write", code: "unavailable", when: "late", times: 1 });
    const writing = bench.open({ clock }).put(item(2), { ifRev: rev });
    await expect(writing).rejects.toMatchObject({ details: { outcome: "unknown" } });
    expect((await items.get(at))?.value.count).toBe(9);
  });

  rule("S17", "atLeast waits for a store that lags and gives up with a fault", async (bench) => {
    const { items, open, calls } = bench;
    const old = await items.create(item(1));
    const rev = revOf(await items.put(item(2), { ifRev: revOf(old) }));
    const second = open({ clock: new FakeClock(bench.clock.now()) });
    expect(await second.get(at, { atLeast: rev })).toEqual({ value: item(2), rev });
    const future = revOf(await open({ tenant: "other" }).create(item(1)));
    await expect(items.get(at, { atLeast: future })).rejects.toMatchObject({ code: "unavailable" });
    expect(calls.read).toBe(6);
    await items.delete(at, { ifRev: rev });
    expect(await items.get(at, { atLeast: rev })).toBeUndefined();
  });

  rule("S18", "the end of the invocation stops the retries", async (bench) => {
    const { faults, calls } = bench;
    const controller = new AbortController();
    const items = bench.open({ signal: controller.signal });
    const meanwhile = async (): Promise<void> => {
      controller.abort(new Fault("deadline_exceeded", "test: over"));
    };
    faults.plan({ operation: "read", code: "unavailable", when: "before", times: 1, meanwhile });
    await expect(items.get(at)).rejects.toMatchObject({ code: "deadline_exceeded" });
    await expect(items.create(item(1))).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(calls).toMatchObject({ read: 1, write: 0 });
    expect(await bench.items.get(at)).toBeUndefined();
  });

  rule(
    "S33",
    "a driver does nothing for an invocation that has ended",
    async ({ driver, items }) => {
      const signal = AbortSignal.abort(new Error("over"));
      const row = { store: conformanceStore.name, partition: `ended-${process.pid}` };
      const key = { ...row, sort: "1" };
      const put = { kind: "put", key, data: "{}", rev: "1", expiresAtSeconds: null } as const;
      const write = { ...put, condition: { kind: "any" } } as const;
      const range = { ...row, from: "", to: undefined, limit: 1, descending: false };
      await expect(driver.read(key, signal)).rejects.toBeDefined();
      await expect(driver.write(write, signal)).rejects.toBeDefined();
      await expect(driver.transact([write], signal)).rejects.toBeDefined();
      await expect(driver.list({ ...range, after: undefined }, signal)).rejects.toBeDefined();
      expect(await driver.read(key, undefined)).toBeUndefined();
      expect(await items.get(at)).toBeUndefined();
    },
  );

  rule("S19", "revisions grow although the writers' clocks disagree", async (bench) => {
    const nowMs = bench.clock.now();
    const ahead = bench.open({ clock: new FakeClock(nowMs + 300_000) });
    const behind = bench.open({ clock: new FakeClock(nowMs - 300_000) });
    const first = await ahead.update(at, add);
    const second = await behind.update(at, add);
    const third = await bench.items.update(at, add);
    const revs = [first, second, third].map((entry) => entry?.rev ?? "");
    expect(revs).toEqual(revs.toSorted());
    expect(new Set(revs).size).toBe(3);
    expect(third?.value.count).toBe(3);
  });

  rule("S34", "a row of a writer with our node id is not taken for our own", async (bench) => {
    // Two processes whose node ids came out the same give equal revisions.
    const twin = (): Bench["items"] => bench.open({ clock: bench.clock, random: seededRandom(1) });
    const [one, other] = [twin(), twin()];
    await one.create(item(1));
    expect(await other.create(item(2))).toMatchObject({ ok: false, current: { value: item(1) } });
  });
}

/** The next write commits, and its answer never arrives. */
function lose({ faults }: Bench, operation: "write" | "transact"): void {
  faults.plan({ operation, code: "unavailable", when: "after", times: 1 });
}
