import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Run } from "#shared/console";
import type { StateKey } from "#shared/state";
import { FakeClock } from "#shared/testing";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openDatabase } from "./database.ts";
import { type Engine, openEngine } from "./engine.ts";

let folder: string;
let clock: FakeClock;
let engine: Engine;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auterity-"));
  clock = new FakeClock();
  engine = openEngine({ path: join(folder, "a.db"), clock, keptRuns: 600 });
});

afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const send = (body: string, delaySeconds = 0): Promise<unknown> =>
  engine.queue("gcp").send("jobs", [{ body, delaySeconds }], undefined);

it("opens its file so that a commit waits for the disk", () => {
  const db = openDatabase(join(folder, "b.db"));
  expect(db.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  // 2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
  expect(db.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
  db.close();
});

it("is owned by one process and refuses data of a newer version", async () => {
  const path = join(folder, "a.db");
  expect(() => openEngine({ path, clock })).toThrow(
    expect.objectContaining({ code: "failed_precondition" }),
  );
  await engine.close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA user_version = 99");
  db.close();
  expect(() => openEngine({ path, clock })).toThrow(/newer version/);
});

it("leases a message to one taker at a time, oldest first, and counts", async () => {
  await send("a");
  await send("b");
  const first = await engine.lease("jobs", 1, 60);
  expect(first).toMatchObject([{ body: "a", receiveCount: 1, home: "gcp" }]);
  expect(await engine.lease("jobs", 10, 60)).toMatchObject([{ body: "b" }]);
  expect(await engine.lease("jobs", 10, 60)).toEqual([]);
  expect(engine.depth("jobs")).toBe(2);
  clock.advance(60_000);
  const again = await engine.lease("jobs", 10, 60);
  expect(again.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});

it("lets only the holder of the lease settle a message", async () => {
  await send("a");
  const [late] = await engine.lease("jobs", 1, 60);
  clock.advance(60_000);
  const [current] = await engine.lease("jobs", 1, 60);
  expect(await engine.settle(late?.handle ?? "", "done")).toBe(false);
  expect(engine.depth("jobs")).toBe(1);
  expect(await engine.settle(current?.handle ?? "", { visibleAfterMs: 5_000 })).toBe(true);
  expect(engine.nextVisibleAtMs("jobs")).toBe(clock.now() + 5_000);
  clock.advance(5_000);
  const [last] = await engine.lease("jobs", 1, 60);
  expect(last?.receiveCount).toBe(3);
  expect(await engine.settle(last?.handle ?? "", "done")).toBe(true);
  expect(engine.depth("jobs")).toBe(0);
  expect(engine.nextVisibleAtMs("jobs")).toBeUndefined();
  await expect(engine.settle("nonsense", "done")).rejects.toMatchObject({
    code: "invalid_argument",
  });
});

it("frees the leases of a dead process, and no delay with them", async () => {
  await send("leased");
  await send("delayed", 100);
  const [held] = await engine.lease("jobs", 1, 600);
  await engine.releaseAll();
  const freed = await engine.lease("jobs", 10, 600);
  expect(freed).toMatchObject([{ body: "leased", receiveCount: 2 }]);
  expect(await engine.settle(held?.handle ?? "", "done")).toBe(false);
});

it("tells its listeners of a message once it is committed", async () => {
  const told: [string, number][] = [];
  const stop = engine.onMessage((queue) => told.push([queue, engine.depth(queue)]));
  await send("a");
  stop();
  await send("b");
  expect(told).toEqual([["jobs", 1]]);
});

it("gives each slot to one claimer, also long after", async () => {
  const claims = await Promise.all([1, 2, 3].map(() => engine.claimSlot("digest", 60_000)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(engine.lastSlot("digest")).toBe(60_000);
  expect(engine.lastSlot("other")).toBeUndefined();
  const later = 60_000 + 40 * 86_400_000;
  expect(await engine.claimSlot("digest", later)).toBe(true);
  expect(await engine.claimSlot("digest", 120_000)).toBe(false);
  expect(await engine.claimSlot("digest", later - 60_000)).toBe(true);
  expect(engine.lastSlot("digest")).toBe(later);
});

const runOf = (id: string, part: Partial<Run> = {}): Run => ({
  id,
  function: "delivery-pulse",
  trigger: "queue",
  operation: "pulse",
  runtime: "aws",
  status: "ok",
  startedAtMs: 1,
  durationMs: 2,
  traceparent: "",
  event: null,
  decision: { runtime: "aws", reason: "home" },
  tenant: "default",
  receipt: {
    requests: 1,
    gbSeconds: 0.5,
    vcpuSeconds: 0,
    egressBytes: 10,
    lines: [
      { kind: "requests", product: "aws", units: 1, picoUsd: 200_000 },
      { kind: "stateRead", product: "cosmos", units: 2, picoUsd: 7, estimated: true },
    ],
  },
  costUsd: 0,
  httpStatus: null,
  fault: null,
  ...part,
});

it("adds up what runs cost by month, tenant, runtime, function and unit, and keeps the sums when runs are forgotten", async () => {
  const startedAtMs = Date.UTC(2026, 10, 30, 23, 59, 59, 999);
  for (let index = 0; index < 3; index += 1) {
    engine.recordRun(runOf(`cost-${index}`, { startedAtMs }));
  }
  engine.recordRun(runOf("cost-next", { startedAtMs: startedAtMs + 1, tenant: "acme" }));
  await vi.waitFor(() => expect(engine.run("cost-next")).toBeDefined());
  const where = { month: "2026-11", tenant: "default", runtime: "aws", function: "delivery-pulse" };
  const requests = { kind: "requests", product: "aws", units: 3, estimated: false };
  const reads = { kind: "stateRead", product: "cosmos", units: 6, estimated: true };
  expect(engine.costs("2026-11")).toEqual([
    { ...where, ...requests, picoUsd: 600_000n },
    { ...where, ...reads, picoUsd: 21n },
  ]);
  expect(engine.costs("2026-12")).toMatchObject([{ tenant: "acme", units: 1 }, { units: 2 }]);
  expect(engine.costs("2025-01")).toEqual([]);
});

it("pages through the runs that meet all conditions, newest first", async () => {
  for (let index = 0; index < 10; index += 1) {
    const event = index % 2 === 0 ? "even" : null;
    engine.recordRun(runOf(String(index), { event, status: index < 5 ? "failed" : "ok" }));
  }
  engine.recordRun(runOf("0", { event: "even", status: "ok" }));
  await engine.meta.set("after", "the runs");
  const first = engine.runs({ event: "even", status: "ok", limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual(["8", "6"]);
  const rest = engine.runs({ event: "even", status: "ok", limit: 2, before: first.cursor ?? "" });
  expect(rest).toMatchObject({ items: [{ id: "0" }], cursor: null });
  expect(engine.runs({ function: "other", limit: 5 })).toEqual({ items: [], cursor: null });
  expect(engine.run("3")).toEqual(runOf("3", { status: "failed" }));
  expect(engine.run("none")).toBeUndefined();
});

it("keeps the newest runs only", async () => {
  for (let index = 0; index < 1_500; index += 1) engine.recordRun(runOf(String(index)));
  await engine.meta.set("after", "the runs");
  expect(engine.run("899")).toBeUndefined();
  expect(engine.run("900")).toBeDefined();
  expect(engine.runs({ limit: 5, before: "899" }).items).toEqual([]);
});

it("keeps everything over a restart", async () => {
  await send("a");
  await engine.claimSlot("digest", 60_000);
  await engine.meta.set("greeting", "hello");
  await engine.close();
  await expect(send("b")).rejects.toMatchObject({ code: "unavailable" });
  engine = openEngine({ path: join(folder, "a.db"), clock });
  expect(engine.depth("jobs")).toBe(1);
  expect(engine.lastSlot("digest")).toBe(60_000);
  expect([engine.meta.get("greeting"), engine.meta.get("none")]).toEqual(["hello", undefined]);
});

it("deletes rows some time after they expired", async () => {
  const nowSeconds = clock.now() / 1000;
  await write("old", nowSeconds - 3_601);
  await write("fresh", nowSeconds - 60);
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => write(`n${index}`, null)));
  expect(await engine.state.read(keyOf("old"), undefined)).toBeUndefined();
  expect(await engine.state.read(keyOf("fresh"), undefined)).toBeDefined();
});

function keyOf(sort: string): StateKey {
  return { store: "s", partition: "p", sort };
}

function write(sort: string, expiresAtSeconds: number | null): Promise<unknown> {
  const put = { kind: "put", key: keyOf(sort), data: "{}", rev: "1", expiresAtSeconds } as const;
  return engine.state.write({ ...put, condition: { kind: "any" } }, undefined);
}
