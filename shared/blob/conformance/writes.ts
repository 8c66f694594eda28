import { expect } from "vitest";
import { type BenchRule, etagOf, textOf } from "./bench.ts";

const absent = { ifEtag: "absent" } as const;
const any = { ifEtag: "any" } as const;

/** Create, compare-and-set, delete. */
export function writeRules(rule: BenchRule): void {
  rule("B01", "create succeeds once and then shows the blob", async ({ blobs }) => {
    const etag = etagOf(await blobs.put("a", "one", absent));
    const again = await blobs.put("a", "another", absent);
    const contentType = "text/plain; charset=utf-8";
    expect(again).toEqual({ ok: false, current: { etag, sizeBytes: 3, contentType } });
    expect(await blobs.get("a")).toEqual({
      etag,
      sizeBytes: 3,
      contentType,
      body: expect.objectContaining({ length: 3 }),
    });
    expect(textOf(await blobs.get("a"))).toBe("one");
    expect(await blobs.get("b")).toBeUndefined();
  });

  rule(
    "B02",
    "a write based on a replaced blob changes nothing and shows the blob",
    async (bench) => {
      const { blobs } = bench;
      const first = etagOf(await blobs.put("a", "one", absent));
      const second = etagOf(await blobs.put("a", "second", { ifEtag: first }));
      expect(second).not.toBe(first);
      const current = { etag: second, sizeBytes: 6, contentType: "text/plain; charset=utf-8" };
      expect(await blobs.put("a", "third", { ifEtag: first })).toEqual({ ok: false, current });
      expect(await blobs.delete("a", { ifEtag: first })).toEqual({ ok: false, current });
      expect(textOf(await blobs.get("a"))).toBe("second");
      expect(await blobs.delete("a", { ifEtag: second })).toEqual({ ok: true });
      expect(await blobs.get("a")).toBeUndefined();
      const gone = { ok: false, current: undefined };
      expect(await blobs.put("a", "fourth", { ifEtag: second })).toEqual(gone);
      expect(await blobs.delete("a", { ifEtag: second })).toEqual(gone);
      expect(await blobs.get("a")).toBeUndefined();
    },
  );

  rule("B03", "an unconditional write replaces, type and all", async ({ blobs }) => {
    await blobs.put("a", "one", any);
    const etag = etagOf(await blobs.put("a", "longer", { ...any, contentType: "text/html" }));
    expect(await blobs.get("a")).toMatchObject({ etag, sizeBytes: 6, contentType: "text/html" });
    expect(textOf(await blobs.get("a"))).toBe("longer");
  });

  rule("B04", "of many who create one blob at once, one does", async ({ blobs }) => {
    const writers = Array.from({ length: 20 }, (_, index) => blobs.put("a", `${index}`, absent));
    const won = (await Promise.all(writers)).flatMap(({ ok }, index) => (ok ? [index] : []));
    expect(won).toHaveLength(1);
    expect(textOf(await blobs.get("a"))).toBe(String(won[0]));
  });

  rule("B05", "of many who replace one blob at once, one does", async ({ blobs }) => {
    const ifEtag = etagOf(await blobs.put("a", "first", absent));
    const writers = Array.from({ length: 20 }, (_, index) =>
      blobs.put("a", `${index}`, { ifEtag }),
    );
    const won = (await Promise.all(writers)).flatMap(({ ok }, index) => (ok ? [index] : []));
    expect(won).toHaveLength(1);
    expect(textOf(await blobs.get("a"))).toBe(String(won[0]));
  });

  rule("B06", "to delete what is not there is done already", async ({ blobs }) => {
    expect(await blobs.delete("a", any)).toEqual({ ok: true });
    await blobs.put("a", "one", any);
    expect(await blobs.delete("a", any)).toEqual({ ok: true });
    expect(await blobs.delete("a", any)).toEqual({ ok: true });
    expect(await blobs.put("a", "again", absent)).toMatchObject({ ok: true });
  });

  rule("B07", "a bucket that does not exist is not_found", async ({ open, driver }) => {
    const nowhere = open({ bucket: "no-such-bucket" });
    const missing = { code: "not_found", origin: "platform", details: { driver: driver.name } };
    await expect(nowhere.put("a", "one", any)).rejects.toMatchObject(missing);
    await expect(nowhere.list()).rejects.toMatchObject(missing);
  });
}
