import { Fault } from "#shared/errors";
import type { AddRule } from "#shared/testing";
import { expect } from "vitest";
import type { BlobDriver } from "../driver.ts";
import { type BenchRule, etagOf, textOf } from "./bench.ts";

const absent = { ifEtag: "absent" } as const;
const any = { ifEtag: "any" } as const;

/** What happens when the store fails or its answers get lost. */
export function failureRules(rule: BenchRule): void {
  rule("B21", "a throttled call is repeated a few times and no more", async (bench) => {
    const { blobs, faults, calls, clock } = bench;
    faults.plan({ operation: "put", code: "resource_exhausted", when: "before", times: 2 });
    expect(await blobs.put("a", "one", absent)).toMatchObject({ ok: true });
    expect(calls).toMatchObject({ put: 3, head: 0 });
    const startMs = clock.now();
    faults.plan({ operation: "get", code: "unavailable", when: "before", times: 99 });
    await expect(blobs.get("a")).rejects.toMatchObject({ code: "unavailable", origin: "platform" });
    expect(calls.get).toBe(4);
    expect(clock.now() - startMs).toBeLessThan(400);
    faults.plan({ operation: "list", code: "permission_denied", when: "before", times: 9 });
    await expect(blobs.list()).rejects.toMatchObject({ code: "permission_denied" });
    expect(calls.list).toBe(1);
  });

  rule("B22", "a write whose answer was lost happens once and is reported done", async (bench) => {
    const { blobs, faults, calls } = bench;
    const lose = (operation: "put" | "delete"): void =>
      faults.plan({ operation, code: "unavailable", when: "after", times: 1 });
    lose("put");
    const created = etagOf(await blobs.put("a", "one", absent));
    lose("put");
    const replaced = etagOf(await blobs.put("a", "two", { ifEtag: created }));
    lose("put");
    const overwritten = etagOf(await blobs.put("a", "three", any));
    expect(calls.put).toBe(3);
    expect(new Set([created, replaced, overwritten]).size).toBe(3);
    expect(await blobs.get("a")).toMatchObject({ etag: overwritten, sizeBytes: 5 });
    lose("delete");
    expect(await blobs.delete("a", any)).toEqual({ ok: true });
    expect(await blobs.get("a")).toBeUndefined();
  });

  rule("B23", "a write that broke off before it happened is repeated", async (bench) => {
    const { blobs, faults } = bench;
    const breakOff = (operation: "put" | "delete"): void =>
      faults.plan({ operation, code: "unavailable", when: "before", times: 1 });
    breakOff("put");
    const created = etagOf(await blobs.put("a", "one", absent));
    breakOff("put");
    const replaced = etagOf(await blobs.put("a", "two", { ifEtag: created }));
    breakOff("delete");
    expect(await blobs.delete("a", { ifEtag: replaced })).toEqual({ ok: true });
    expect(await blobs.get("a")).toBeUndefined();
  });

  rule("B24", "a lost answer and another writer make the outcome unknown", async (bench) => {
    const { blobs, faults } = bench;
    const unknown = { code: "unavailable", details: { outcome: "unknown" } };
    const meanwhile = (): Promise<unknown> => blobs.put("a", "theirs", any);
    const lose = (operation: "put" | "delete"): void =>
      faults.plan({ operation, code: "unavailable", when: "after", times: 1, meanwhile });
    lose("put");
    await expect(blobs.put("a", "ours", absent)).rejects.toMatchObject(unknown);
    const ifEtag = etagOf(await blobs.put("a", "before", any));
    lose("put");
    await expect(blobs.put("a", "ours", { ifEtag })).rejects.toMatchObject(unknown);
    expect(textOf(await blobs.get("a"))).toBe("theirs");
    const mine = etagOf(await blobs.put("a", "before", any));
    faults.plan({ operation: "delete", code: "unavailable", when: "after", times: 1 });
    await expect(blobs.delete("a", { ifEtag: mine })).rejects.toMatchObject(unknown);
  });

  rule("B25", "the same content from two who create it is the work of one", async (bench) => {
    const { blobs, faults } = bench;
    const meanwhile = (): Promise<unknown> => blobs.put("a", "same", absent);
    faults.plan({ operation: "put", code: "unavailable", when: "before", times: 1, meanwhile });
    const creating = blobs.put("a", "same", absent);
    await expect(creating).rejects.toMatchObject({ details: { outcome: "unknown" } });
    expect(await blobs.put("a", "same", absent)).toMatchObject({ ok: false });
  });

  rule("B26", "a write that lands while it is repeated counts once, as done", async (bench) => {
    const { blobs, faults } = bench;
    faults.plan({ operation: "put", code: "deadline_exceeded", when: "late", times: 1 });
    const etag = etagOf(await blobs.put("a", "one", absent));
    expect(await blobs.get("a")).toMatchObject({ etag });
    faults.plan({ operation: "put", code: "deadline_exceeded", when: "late", times: 1 });
    const next = etagOf(await blobs.put("a", "two", { ifEtag: etag }));
    expect(await blobs.get("a")).toMatchObject({ etag: next });
    expect(textOf(await blobs.get("a"))).toBe("two");
  });

  rule("B35", "a write that lands late and is replaced at once is unknown", async (bench) => {
    const { blobs, faults, clock } = bench;
    const ifEtag = etagOf(await blobs.put("a", "before", any));
    // While the first attempt's repeat waits, the first lands, and another replaces it.
    clock.sleep = async () => void (await blobs.put("a", "theirs", any));
    faults.plan({ operation: "put", code: "deadline_exceeded", when: "late", times: 1 });
    const putting = blobs.put("a", "ours", { ifEtag });
    await expect(putting).rejects.toMatchObject({ details: { outcome: "unknown" } });
    expect(textOf(await blobs.get("a"))).toBe("theirs");
  });

  rule("B27", "a write that never got an answer says so", async ({ blobs, faults, calls }) => {
    faults.plan({ operation: "put", code: "deadline_exceeded", when: "before", times: 99 });
    await expect(blobs.put("a", "one", absent)).rejects.toMatchObject({
      code: "unavailable",
      details: { outcome: "unknown" },
    });
    expect(calls.put).toBe(4);
  });

  rule("B28", "the end of the invocation stops the retries", async (bench) => {
    const { faults, calls } = bench;
    const controller = new AbortController();
    const blobs = bench.open({ signal: controller.signal });
    const meanwhile = async (): Promise<void> => {
      controller.abort(new Fault("deadline_exceeded", "test: over"));
    };
    faults.plan({ operation: "get", code: "unavailable", when: "before", times: 1, meanwhile });
    await expect(blobs.get("a")).rejects.toMatchObject({ code: "deadline_exceeded" });
    await expect(blobs.put("a", "", any)).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(calls).toMatchObject({ get: 1, put: 0 });
    expect(await bench.blobs.get("a")).toBeUndefined();
  });

  rule("B29", "a driver that is told to stop does not write", async ({ driver, blobs, tenant }) => {
    const signal = AbortSignal.abort(new Error("over"));
    const at = { bucket: "conformance-blobs", key: `${tenant.replaceAll("-", "-2d")}~~a` };
    const contentType = "text/plain";
    const condition = { kind: "any" } as const;
    const put = { at, body: Buffer.from("x"), contentType, metadata: {}, condition };
    await expect(driver.put(put, signal)).rejects.toBeDefined();
    await expect(driver.delete(at, condition, signal)).rejects.toBeDefined();
    await expect(driver.get(at, undefined, signal)).rejects.toBeDefined();
    expect(await blobs.get("a")).toBeUndefined();
  });
}

/** No operation takes a store that does not answer for one that has nothing. */
export function unreachableRule(rule: AddRule, open: () => Promise<BlobDriver>): void {
  rule("B33", "a store that cannot be reached is unavailable, whatever is asked", async () => {
    const driver = await open();
    const at = { bucket: "conformance-blobs", key: "t~~a" };
    const condition = { kind: "any" } as const;
    const body = new TextEncoder().encode("x");
    const put = { at, body, contentType: "text/plain", metadata: {}, condition };
    const listing = { bucket: at.bucket, prefix: "", after: undefined, limit: 1 };
    const calls: Record<string, () => Promise<unknown>> = {
      put: () => driver.put(put, undefined),
      head: () => driver.head(at, undefined),
      get: () => driver.get(at, undefined, undefined),
      delete: () => driver.delete(at, condition, undefined),
      list: () => driver.list(listing, undefined),
    };
    const seen: Record<string, unknown> = {};
    for (const [name, call] of Object.entries(calls)) {
      const answered = call().then(() => "an answer");
      seen[name] = await answered.catch((error: unknown) => driver.codeOf(error));
    }
    await driver.close();
    expect(seen).toEqual(
      Object.fromEntries(Object.keys(calls).map((name) => [name, "unavailable"])),
    );
  });
}
