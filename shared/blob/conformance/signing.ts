import { expect } from "vitest";
import { type BenchRule, etagOf, textOf } from "./bench.ts";
import type { SignedUrl } from "../driver.ts";

const any = { ifEtag: "any" } as const;

/** Requests that need no credential. */
export function signingRules(rule: BenchRule): void {
  rule("B30", "a signed URL reads exactly its blob until it expires", async (bench) => {
    const { blobs, clock, visit } = bench;
    await blobs.put("a", "mine", any);
    await blobs.put("a2", "other", any);
    clock.advance(123);
    const signed = await blobs.sign("a", { access: "read", expiresInSeconds: 60 });
    expect(signed.method).toBe("GET");
    const read = await visit(signed);
    expect([read.status, textOf(read)]).toEqual([200, "mine"]);
    for (const forged of forgeries(signed)) {
      expect((await visit(forged)).status).toBeGreaterThanOrEqual(400);
    }
    await visit({ ...signed, method: "PUT" }, Buffer.from("overwritten"));
    expect(textOf(await blobs.get("a"))).toBe("mine");
    clock.advance(58_000);
    expect((await visit(signed)).status).toBe(200);
    clock.advance(4_000);
    expect((await visit(signed)).status).toBe(403);
  });

  rule("B31", "a signed URL writes exactly its blob until it expires", async (bench) => {
    const { blobs, clock, visit } = bench;
    const before = etagOf(await blobs.put("a", "before", any));
    await blobs.put("a2", "other", any);
    const signed = await blobs.sign("a", { access: "write", expiresInSeconds: 60 });
    expect(signed.method).toBe("PUT");
    for (const forged of forgeries(signed)) {
      expect((await visit(forged, Buffer.from("forged"))).status).toBeGreaterThanOrEqual(400);
    }
    expect(textOf(await blobs.get("a2"))).toBe("other");
    expect((await visit(signed, Buffer.from("after"))).status).toBeLessThan(300);
    const after = await blobs.get("a");
    expect(textOf(after)).toBe("after");
    expect(after?.etag).not.toBe(before);
    clock.advance(62_000);
    expect((await visit(signed, Buffer.from("too late"))).status).toBe(403);
    expect(textOf(await blobs.get("a"))).toBe("after");
  });

  rule("B32", "a time no cloud could sign for is refused", async ({ blobs }) => {
    for (const expiresInSeconds of [0, -1, 1.5, Number.NaN, 7 * 86_400 + 1]) {
      const signing = blobs.sign("a", { access: "read", expiresInSeconds });
      await expect(signing).rejects.toMatchObject({ code: "invalid_argument" });
    }
    const longest = blobs.sign("a", { access: "read", expiresInSeconds: 7 * 86_400 });
    await expect(longest).resolves.toMatchObject({ method: "GET" });
  });
}

/** The same request for another blob, and with another proof. */
function forgeries(signed: SignedUrl): SignedUrl[] {
  const elsewhere = signed.url.replace("~~a", "~~a2");
  const unproved = signed.url.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  return [
    { ...signed, url: elsewhere },
    { ...signed, url: unproved },
  ];
}
