import { expect } from "vitest";
import { type BenchRule, textOf } from "./bench.ts";
import { MAX_BLOB_BYTES } from "../content.ts";
import type { BlobDriver } from "../driver.ts";

const any = { ifEtag: "any" } as const;
const everyByte = Uint8Array.from({ length: 512 }, (_, index) => index);

/** Bytes, ranges, sizes, types. */
export function contentRules(rule: BenchRule): void {
  rule("B08", "content comes back byte for byte, nothing included", async ({ blobs }) => {
    const gzip = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const contents = { every: everyByte, empty: new Uint8Array(), gzip, text: "\ufeffé\r\n\0😀" };
    for (const [key, content] of Object.entries(contents)) {
      await blobs.put(key, content, any);
      const found = await blobs.get(key);
      expect(Buffer.from(found?.body ?? [0])).toEqual(Buffer.from(content));
      expect(found?.sizeBytes).toBe(Buffer.from(content).length);
    }
  });

  rule("B09", "a range gives exactly its bytes and the size of the whole", async ({ blobs }) => {
    await blobs.put("a", everyByte, any);
    const part = async (offset: number, lengthBytes?: number): Promise<number[]> => {
      const range = lengthBytes === undefined ? { offset } : { offset, lengthBytes };
      const found = await blobs.get("a", { range });
      expect(found).toMatchObject({ sizeBytes: 512, contentType: "application/octet-stream" });
      return [...(found?.body ?? [])];
    };
    expect(await part(0, 1)).toEqual([0]);
    expect(await part(254, 3)).toEqual([254, 255, 0]);
    expect(await part(509)).toEqual([253, 254, 255]);
    expect(await part(510, 99)).toEqual([254, 255]);
    expect(await part(0)).toHaveLength(512);
    expect(await part(512)).toEqual([]);
    expect(await part(9_999, 5)).toEqual([]);
    await blobs.put("empty", new Uint8Array(), any);
    const nothing = await blobs.get("empty", { range: { offset: 0, lengthBytes: 10 } });
    expect(nothing).toMatchObject({ sizeBytes: 0, body: new Uint8Array() });
    expect(await blobs.get("none", { range: { offset: 0 } })).toBeUndefined();
    for (const range of [{ offset: -1 }, { offset: 0.5 }, { offset: 0, lengthBytes: 0 }]) {
      const reading = blobs.get("a", { range });
      await expect(reading).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  rule("B10", "5 MB are stored and read, whole and in part", async ({ blobs }) => {
    const content = Buffer.alloc(5_000_000, "0123456789abcdef\n");
    await blobs.put("a", content, any);
    const found = await blobs.get("a");
    expect(content.equals(found?.body ?? new Uint8Array())).toBe(true);
    const part = await blobs.get("a", { range: { offset: 4_999_990, lengthBytes: 10 } });
    expect(textOf(part)).toBe(content.subarray(-10).toString());
  });

  rule("B11", "the content type comes back as it was given", async ({ blobs }) => {
    const types = ["application/json", 'text/csv; charset="utf-8"; header=present', "x/y+z"];
    for (const contentType of types) {
      await blobs.put("a", "{}", { ...any, contentType });
      expect((await blobs.get("a"))?.contentType).toBe(contentType);
    }
    await blobs.put("a", everyByte, any);
    expect((await blobs.get("a"))?.contentType).toBe("application/octet-stream");
    for (const contentType of ["", " ", "text/plain\r\nx-evil: 1", "é/é", "x".repeat(201)]) {
      const putting = blobs.put("a", "", { ...any, contentType });
      await expect(putting).rejects.toMatchObject({ code: "invalid_argument" });
    }
    expect((await blobs.get("a"))?.contentType).toBe("application/octet-stream");
  });

  rule("B12", "a blob that is too large is refused before it is sent", async (bench) => {
    const { blobs, calls, driver } = bench;
    const size = Math.min(MAX_BLOB_BYTES, driver.maxBlobBytes) + 1;
    const putting = blobs.put("a", new Uint8Array(size), any);
    await expect(putting).rejects.toMatchObject({
      code: "too_large",
      details: { sizeBytes: size },
    });
    expect(calls.put).toBe(0);
  });

  rule("B13", "a stored blob is nobody's buffer", async ({ blobs }) => {
    const content = Buffer.from("before");
    await blobs.put("a", content, any);
    content.write("after!");
    const read = await blobs.get("a");
    expect(textOf(read)).toBe("before");
    read?.body.fill(0);
    expect(textOf(await blobs.get("a"))).toBe("before");
  });

  rule("B14", "content that is not what was stored is refused", async ({ blobs, open, driver }) => {
    await blobs.put("a", "right", any);
    const get: BlobDriver["get"] = async (...asked) => {
      const found = await driver.get(...asked);
      if (found === undefined || found === "outside") return found;
      return { ...found, body: Uint8Array.from(found.body, (byte) => byte ^ 1) };
    };
    const damaging = new Proxy(driver, {
      get: (target, name) => (name === "get" ? get : (Reflect.get(target, name) as unknown)),
    });
    await expect(open({ driver: damaging }).get("a")).rejects.toMatchObject({
      code: "internal",
      origin: "platform",
      details: { bucket: "conformance-blobs" },
    });
  });

  rule("B34", "who reads while another writes gets one blob, whole", async ({ blobs }) => {
    const contents = ["one", "another", "the third", "and the last"];
    await blobs.put("a", contents[0] ?? "", any);
    const write = async (): Promise<void> => {
      for (const content of contents) await blobs.put("a", content, any);
    };
    const read = async (): Promise<void> => {
      for (let count = 0; count < 5; count += 1) {
        const found = await blobs.get("a");
        expect(contents).toContain(textOf(found));
        expect(found?.sizeBytes).toBe(found?.body.byteLength);
      }
    };
    await Promise.all([write(), ...Array.from({ length: 5 }, read)]);
    expect(textOf(await blobs.get("a"))).toBe("and the last");
  });
}
