import { Fault } from "#shared/errors";
import { memoryState, openStore } from "#shared/state";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { fingerprint } from "./fingerprint.ts";
import { idempotentCalls, type IdempotencyStore, type KeyedCall, once } from "./once.ts";

const call: KeyedCall = {
  scope: "slack.post-message",
  key: "k1",
  fingerprint: "f1",
  leaseSeconds: 30,
  ttlSeconds: 86_400,
};

let nowMs: number;
let rows: IdempotencyStore;
let runs: number;

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 21);
  runs = 0;
  let seed = 1;
  const ports = {
    state: memoryState(),
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
    random: {
      uuid: () => String(seed++),
      next: () => 0.5,
      bytes: (length: number) => new Uint8Array(length),
    },
  };
  rows = openStore(idempotentCalls, ports, {
    tenant: "default",
    traceparent: "",
    event: undefined,
    signal: new AbortController().signal,
  });
});

const work = async (): Promise<unknown> => ({ ts: String(++runs) });
const fail = (fault: Fault) => (): Promise<unknown> => {
  runs++;
  return Promise.reject(fault);
};
const rejected = new Fault("invalid_argument", "test: refused", { origin: "upstream" });
const unknown = new Fault("unavailable", "test: broke off", {
  origin: "upstream",
  details: { outcome: "unknown" },
});

describe("once", () => {
  it("runs the first call and replays its answer", async () => {
    expect(await once(rows, call, work)).toEqual({ answer: { ts: "1" }, replayed: false });
    nowMs += 86_000_000;
    expect(await once(rows, call, work)).toEqual({ answer: { ts: "1" }, replayed: true });
    expect(runs).toBe(1);
  });

  it("keeps keys, scopes and ages apart", async () => {
    await once(rows, call, work);
    await once(rows, { ...call, key: "k2" }, work);
    await once(rows, { ...call, scope: "slack.update-message" }, work);
    nowMs += 86_401_000;
    await once(rows, call, work);
    expect(runs).toBe(4);
  });

  it("refuses a key with another input, done or running", async () => {
    const other: KeyedCall = { ...call, fingerprint: "f2" };
    await once(rows, call, async () => {
      await expect(once(rows, other, work)).rejects.toMatchObject({ code: "key_reused" });
      return work();
    });
    await expect(once(rows, other, work)).rejects.toMatchObject({
      code: "key_reused",
      origin: "caller",
    });
    expect(runs).toBe(1);
  });

  it("sends a repeat away while the first call runs", async () => {
    await once(rows, call, async () => {
      await expect(once(rows, call, work)).rejects.toMatchObject({
        code: "aborted",
        origin: "caller",
        retryAfterMs: 1_000,
      });
      return work();
    });
    expect(runs).toBe(1);
  });

  it("frees the key after a failure that had no effect", async () => {
    await expect(once(rows, call, fail(rejected))).rejects.toBe(rejected);
    expect(await once(rows, call, work)).toMatchObject({ replayed: false });
    expect(runs).toBe(2);
  });

  it("keeps the key for the timeout after a failure that may have had one", async () => {
    await expect(once(rows, call, fail(unknown))).rejects.toBe(unknown);
    await expect(once(rows, call, work)).rejects.toMatchObject({ code: "aborted" });
    nowMs += 61_000;
    expect(await once(rows, call, work)).toMatchObject({ replayed: false });
    expect(runs).toBe(2);
  });

  it("lets no attempt that was given up overwrite its successor", async () => {
    await once(rows, call, async () => {
      nowMs += 61_000;
      await once(rows, call, async () => ({ ts: "successor" }));
      return { ts: "late" };
    });
    expect(await once(rows, call, work)).toEqual({ answer: { ts: "successor" }, replayed: true });
    expect(runs).toBe(0);
  });
});

describe("fingerprint", () => {
  it("does not depend on the order of members", () => {
    expect(fingerprint({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      fingerprint({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
    expect(fingerprint(["a", "b"])).not.toBe(fingerprint(["b", "a"]));
  });

  it("tells different JSON apart", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(!same || fingerprint(a) === fingerprint(b)).toBe(true);
        expect(fingerprint([a])).not.toBe(fingerprint([a, b]));
      }),
    );
  });
});
