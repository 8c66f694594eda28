import { expect } from "vitest";
import { type BenchRule, type Item, revOf } from "./bench.ts";
import { MAX_VALUE_BYTES } from "../row-codec.ts";

const at = { shelf: "a", id: "1" };
const item = (count: number): Item => ({ ...at, count, data: null });

/** Compare-and-set, expiry, size, transactions, values. */
export function writeRules(rule: BenchRule): void {
  rule("S01", "create succeeds once and then shows the row", async ({ items }) => {
    const created = await items.create(item(1));
    const again = await items.create(item(2));
    expect(again).toEqual({ ok: false, current: { value: item(1), rev: revOf(created) } });
    expect(await items.get(at)).toEqual({ value: item(1), rev: revOf(created) });
  });

  rule(
    "S02",
    "a write based on a replaced row changes nothing and shows the row",
    async (bench) => {
      const { items } = bench;
      const first = revOf(await items.create(item(1)));
      const second = revOf(await items.put(item(2), { ifRev: first }));
      expect(second > first).toBe(true);
      const current = { value: item(2), rev: second };
      expect(await items.put(item(3), { ifRev: first })).toEqual({ ok: false, current });
      expect(await items.delete(at, { ifRev: first })).toEqual({ ok: false, current });
      expect(await items.get(at)).toEqual(current);
      expect(await items.delete(at, { ifRev: second })).toEqual({ ok: true });
      expect(await items.put(item(4), { ifRev: second })).toEqual({
        ok: false,
        current: undefined,
      });
      expect(await items.delete(at, { ifRev: "any" })).toEqual({ ok: true });
      await items.put(item(5), { ifRev: "any" });
      await items.put(item(6), { ifRev: "any" });
      expect((await items.get(at))?.value).toEqual(item(6));
    },
  );

  rule("S04", "an expired row is neither read nor listed, and its key is free", async (bench) => {
    const { items, clock } = bench;
    await items.create(item(1), { ttlSeconds: 10 });
    await items.create({ ...item(1), id: "2" });
    clock.advance(60_000);
    expect(await items.get(at)).toBeUndefined();
    expect((await items.list("a")).items.map(({ value }) => value.id)).toEqual(["2"]);
    expect(await items.put(item(2), { ifRev: revOf(await items.create(item(2))) })).toMatchObject({
      ok: true,
    });
    expect((await items.get(at))?.value).toEqual(item(2));
  });

  rule("S05", "a row is gone at the very second of its expiry", async ({ items, clock }) => {
    await items.create(item(1), { ttlSeconds: 10 });
    clock.advance(9_999);
    expect(await items.get(at)).toMatchObject({ expiresAtSeconds: clock.now() / 1000 + 0.001 });
    expect(await items.create(item(2))).toMatchObject({ ok: false });
    clock.advance(1);
    expect(await items.get(at)).toBeUndefined();
    expect(await items.create(item(2))).toMatchObject({ ok: true });
  });

  rule("S06", "a value of the largest size is stored, one byte more is refused", async (bench) => {
    const { items, calls } = bench;
    const frame = Buffer.byteLength(JSON.stringify({ data: null, ...at, text: "" }));
    const room = MAX_VALUE_BYTES - frame;
    const text = "é".repeat(room >> 1) + "x".repeat(room & 1);
    const largest = { ...at, text, data: null };
    await items.create(largest);
    expect((await items.get(at))?.value).toEqual(largest);
    const before = calls.write;
    const tooLarge = items.put({ ...largest, text: `${text}x` }, { ifRev: "any" });
    await expect(tooLarge).rejects.toMatchObject({ code: "too_large" });
    expect(calls.write).toBe(before);
  });

  rule("S10", "a transaction happens wholly or not at all", async ({ items }) => {
    const kept = revOf(await items.create({ ...item(1), id: "kept" }));
    const done = await items.transact("a", [
      { kind: "create", value: item(1) },
      { kind: "put", value: { ...item(2), id: "kept" }, ifRev: kept },
    ]);
    expect(done.ok).toBe(true);
    const [, rev] = done.ok ? done.revs : [];
    expect(await items.get({ ...at, id: "kept" })).toEqual({
      value: { ...item(2), id: "kept" },
      rev,
    });
    const value = item(3);
    const twice = items.transact("a", [
      { kind: "put", value, ifRev: "any" },
      { kind: "delete", key: at, ifRev: "any" },
    ]);
    await expect(twice).rejects.toMatchObject({ code: "invalid_argument" });
    const elsewhere = items.transact("b", [{ kind: "put", value, ifRev: "any" }]);
    await expect(elsewhere).rejects.toMatchObject({ code: "invalid_argument" });
  });

  rule("S11", "50 operations fit into a transaction, 51 do not", async ({ items }) => {
    const ops = Array.from({ length: 51 }, (_, index) => ({
      kind: "create" as const,
      value: { ...item(index), id: String(index) },
    }));
    await expect(items.transact("a", ops)).rejects.toMatchObject({ code: "invalid_argument" });
    expect(await items.transact("a", ops.slice(0, 50))).toMatchObject({ ok: true });
    expect((await items.list("a")).items).toHaveLength(50);
  });

  rule("S12", "a transaction says which operation met another row", async ({ items, clock }) => {
    await items.create({ ...item(1), id: "taken" });
    await items.create({ ...item(1), id: "expired" }, { ttlSeconds: 1 });
    clock.advance(2_000);
    const result = await items.transact("a", [
      { kind: "create", value: { ...item(2), id: "expired" } },
      { kind: "put", value: item(2), ifRev: "any" },
      { kind: "create", value: { ...item(2), id: "taken" } },
    ]);
    expect(result).toEqual({ ok: false, failedAt: 2 });
    expect((await items.list("a")).items.map(({ value }) => value.id)).toEqual(["taken"]);
  });

  rule("S30", "a transaction deletes by revision, and not what was replaced", async (bench) => {
    const { items } = bench;
    const kept = { ...item(1), id: "kept" };
    const old = revOf(await items.create(item(1)));
    const current = revOf(await items.put(item(2), { ifRev: old }));
    const drop = (ifRev: typeof old): ReturnType<typeof items.transact> =>
      items.transact("a", [
        { kind: "put", value: kept, ifRev: "any" },
        { kind: "delete", key: at, ifRev },
        { kind: "delete", key: { ...at, id: "never" }, ifRev: "any" },
      ]);
    expect(await drop(old)).toEqual({ ok: false, failedAt: 1 });
    expect((await items.list("a")).items.map(({ value }) => value)).toEqual([item(2)]);
    expect(await drop(current)).toMatchObject({ ok: true });
    expect((await items.list("a")).items.map(({ value }) => value)).toEqual([kept]);
    expect(await drop(current)).toEqual({ ok: false, failedAt: 1 });
  });

  rule("S13", "odd values come back as they went in, or are refused", async ({ items }) => {
    const data = {
      "": "",
      numbers: [0, 1e21, 2 ** 53 + 2, 5e-324, -1.5],
      texts: ["", "\0", "\u2028", "\ud800", "𝒳 é", '"\\'],
      empty: [[], {}, null, false],
      constructor: { prototype: 1 },
    };
    await items.put({ ...at, data }, { ifRev: "any" });
    expect((await items.get(at))?.value.data).toEqual(data);
    await items.put({ ...at, data: { gone: undefined, zero: -0 } }, { ifRev: "any" });
    expect((await items.get(at))?.value.data).toEqual({ zero: 0 });
    const parsed: unknown = JSON.parse('{"__proto__":{"admin":true}}');
    const refused = [Number.NaN, Infinity, [undefined], new Date(0), Buffer.from("x"), 1n, parsed];
    for (const odd of refused) {
      const write = items.put({ ...at, data: odd }, { ifRev: "any" });
      await expect(write).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  rule("S21", "a stored value is nobody's object", async ({ items }) => {
    const value = { ...at, data: { tags: ["before"] } };
    const creating = items.create(value);
    value.data.tags[0] = "after";
    await creating;
    const read = (await items.get(at))?.value.data;
    expect(read).toEqual({ tags: ["before"] });
    Object.assign(read ?? {}, { tags: [] });
    expect((await items.get(at))?.value.data).toEqual({ tags: ["before"] });
  });
}
