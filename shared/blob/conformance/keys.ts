import * as fc from "fast-check";
import { expect } from "vitest";
import { type BenchRule, etagOf, textOf } from "./bench.ts";
import type { Bucket } from "../bucket.ts";

const any = { ifEtag: "any" } as const;
const odd = [
  "/",
  "\\",
  "?",
  "#",
  "%2F",
  ".",
  "..",
  "a/../b",
  "//",
  "😀",
  "\0",
  "a b",
  "_",
  "-",
  "~",
];
const mixed = ["a", "B", "A", ":", "0", "é", "z", "-", "_", "~", "a!", "aA", "ab", "\uffff", "😀"];

/** Keys, order, pages, tenants. */
export function keyRules(rule: BenchRule): void {
  rule("B15", "every text is a key of its own, or refused", async ({ blobs }) => {
    for (const key of odd) await blobs.put(key, key, any);
    for (const key of odd) expect(textOf(await blobs.get(key))).toBe(key);
    for (const key of ["", "\ud800", "x".repeat(701), "é".repeat(120)]) {
      await expect(blobs.get(key)).rejects.toMatchObject({ code: "invalid_argument" });
    }
    const longest = "x".repeat(700);
    expect(await blobs.put(longest, "", any)).toMatchObject({ ok: true });
    expect((await blobs.list({ prefix: "xxx" })).items.map(({ key }) => key)).toEqual([longest]);
  });

  rule("B16", "any two keys hold two blobs", async ({ open, tenant }) => {
    const texts = fc.uniqueArray(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), {
      minLength: 2,
      maxLength: 4,
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (keys) => {
        run += 1;
        const blobs = open({ tenant: `${tenant}-${run}` });
        for (const key of keys) await blobs.put(key, key, any);
        for (const key of keys) expect(textOf(await blobs.get(key))).toBe(key);
        expect(await listed(blobs)).toEqual(byBytes(keys));
      }),
      { numRuns: 15 },
    );
  });

  rule("B17", "a list is in byte order of its keys and knows their blobs", async ({ blobs }) => {
    const etags = new Map<string, string>();
    for (const key of mixed) etags.set(key, etagOf(await blobs.put(key, key, any)));
    const { items } = await blobs.list();
    expect(items).toEqual(
      byBytes(mixed).map((key) => ({
        key,
        etag: etags.get(key),
        sizeBytes: Buffer.byteLength(key),
      })),
    );
    const prefixed = byBytes(mixed.filter((key) => key.startsWith("a")));
    expect(await listed(blobs, { prefix: "a" })).toEqual(prefixed);
    expect(await listed(blobs, { prefix: "none" })).toEqual([]);
  });

  rule("B18", "pages neither repeat nor lose a blob that was there all the time", async (bench) => {
    const { blobs } = bench;
    for (const key of ["b", "d", "f", "h"]) await blobs.put(key, key, any);
    const first = await blobs.list({ limit: 2 });
    expect(first.items.map(({ key }) => key)).toEqual(["b", "d"]);
    await blobs.put("a", "a", any);
    await blobs.delete("d", any);
    await blobs.put("g", "g", any);
    const rest = await blobs.list({ limit: 3, after: first.cursor });
    expect(rest.items.map(({ key }) => key)).toEqual(["f", "g", "h"]);
    expect(rest.cursor).toBeUndefined();
    expect(await listed(blobs, { prefix: "f", after: first.cursor })).toEqual(["f"]);
    expect(await listed(blobs, { prefix: "a", after: first.cursor })).toEqual([]);
    for (const refused of [{ limit: 0 }, { limit: 1_001 }, { after: "../x" }, { after: "" }]) {
      await expect(blobs.list(refused)).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  rule("B19", "pages of one end, and give every blob once", async ({ blobs }) => {
    const keys = ["a", "aa", "aaa", "ab", "b"];
    for (const key of keys) await blobs.put(key, "", any);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await blobs.list({ limit: 1, after });
      seen.push(...page.items.map(({ key }) => key));
      after = page.cursor;
    } while (after !== undefined && seen.length < 10);
    expect(seen).toEqual(keys);
  });

  rule("B20", "no tenant reaches another's blobs", async ({ open, tenant }) => {
    const [one, two] = [open({ tenant }), open({ tenant: `${tenant}/b` })];
    await one.put("b/c", "mine", any);
    for (const key of ["c", "b/c", "/c", "../b/c"]) expect(await two.get(key)).toBeUndefined();
    expect((await two.list()).items).toEqual([]);
    await two.delete("b/c", any);
    await two.put("b/c", "theirs", any);
    expect(textOf(await one.get("b/c"))).toBe("mine");
    expect(await listed(one)).toEqual(["b/c"]);
  });
}

async function listed(
  blobs: Bucket,
  options: Parameters<Bucket["list"]>[0] = {},
): Promise<string[]> {
  return (await blobs.list(options)).items.map(({ key }) => key);
}

function byBytes(keys: readonly string[]): string[] {
  return keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
