import { expect } from "vitest";
import type { BenchRule, Items } from "./bench.ts";

const odd = ["/", "\\", "?", "#", "%", ".", "..", "__x__", "😀", "\0", "a b", "_", "-", "~", "~~"];
const mixed = [
  "a",
  "B",
  "A",
  ":",
  "0",
  "9",
  "é",
  "z",
  "-",
  "_",
  "~",
  "|",
  "a!",
  "aA",
  "a",
  "￿",
  "😀",
];

/** Keys, order, pages, tenants. */
export function keyRules(rule: BenchRule): void {
  rule("S07", "every text is a key of its own, or refused", async ({ items }) => {
    for (const key of odd) await items.create({ shelf: key, id: key, text: key, data: null });
    for (const key of odd) {
      expect((await items.get({ shelf: key, id: key }))?.value.text).toBe(key);
      expect((await items.list(key)).items).toHaveLength(1);
    }
    for (const id of ["", "\ud800", "x".repeat(401), "é".repeat(67)]) {
      const read = items.get({ shelf: "a", id });
      await expect(read).rejects.toMatchObject({ code: "invalid_argument" });
    }
    const longest = { shelf: "a", id: "x".repeat(400), data: null };
    expect(await items.create(longest)).toMatchObject({ ok: true });
  });

  rule("S08", "a list is in byte order of its keys", async ({ items }) => {
    const keys = [...new Set(mixed)];
    for (const id of keys) await items.create({ shelf: "a", id, data: null });
    const expected = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await ids(items)).toEqual(expected);
    expect(await ids(items, { order: "desc" })).toEqual(expected.toReversed());
    expect(await ids(items, { prefix: "a" })).toEqual(expected.filter((id) => id.startsWith("a")));
    expect(await ids(items, { prefix: "~" })).toEqual(["~"]);
  });

  rule("S09", "pages neither repeat nor lose a row that was there all the time", async (bench) => {
    const { items } = bench;
    for (const id of ["b", "d", "f", "h"]) await items.create({ shelf: "a", id, data: null });
    const first = await items.list("a", { limit: 2 });
    expect(first.items.map(({ value }) => value.id)).toEqual(["b", "d"]);
    await items.create({ shelf: "a", id: "a", data: null });
    await items.delete({ shelf: "a", id: "d" }, { ifRev: "any" });
    await items.create({ shelf: "a", id: "g", data: null });
    const rest = await items.list("a", { limit: 3, after: first.cursor });
    expect(rest.items.map(({ value }) => value.id)).toEqual(["f", "g", "h"]);
    expect(rest.cursor).toBeUndefined();
    expect(await ids(items, { after: first.cursor, order: "desc" })).toEqual(["b", "a"]);
    for (const refused of [{ limit: 0 }, { limit: 1_001 }, { after: "../x" }]) {
      await expect(items.list("a", refused)).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  rule("S22", "pages are full although expired rows lie between", async ({ items, clock }) => {
    for (let index = 0; index < 9; index += 1) {
      const options = index % 3 === 0 ? {} : { ttlSeconds: 1 };
      await items.create({ shelf: "a", id: String(index), data: null }, options);
    }
    clock.advance(5_000);
    const page = await items.list("a", { limit: 2 });
    expect(page.items.map(({ value }) => value.id)).toEqual(["0", "3"]);
    expect(await ids(items, { limit: 2, after: page.cursor })).toEqual(["6"]);
  });

  rule("S23", "no tenant reaches another's rows", async ({ open }) => {
    const [one, two] = [open({ tenant: "a" }), open({ tenant: "a/b" })];
    const value = { shelf: "b/c", id: "1", data: null };
    await one.put(value, { ifRev: "any" });
    for (const shelf of ["c", "b/c", "/c", "a/b/c"]) {
      expect(await two.get({ shelf, id: "1" })).toBeUndefined();
      expect((await two.list(shelf)).items).toEqual([]);
    }
    await two.delete(value, { ifRev: "any" });
    expect((await one.get(value))?.value).toEqual(value);
    await one.delete(value, { ifRev: "any" });
  });
}

async function ids(items: Items, options: Parameters<Items["list"]>[1] = {}): Promise<string[]> {
  return (await items.list("a", options)).items.map(({ value }) => value.id);
}
