import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { type Engine, openEngine } from "../../adapters/local/engine/engine.ts";
import { systemClock as clock, systemRandom as random } from "../../adapters/local/system.ts";
import { ReplicatedState, replicated, ship } from "../../shared/replication/index.ts";
import { openStore, store } from "../../shared/state/index.ts";
import type { Figure, Row } from "../report.ts";

const SECONDS = 10;
const WRITES_PER_SECOND = 1_000;
const PARTITIONS = 50;
const SHIP_EVERY_MS = 100;
const MOST_MS = 5_000;
const CLOUDS = ["aws", "azure", "gcp"] as const;

const items = store("items", {
  schema: z.object({ shelf: z.string(), id: z.string(), text: z.string() }),
  partition: "shelf",
  sort: "id",
  ttl: true,
  acrossClouds: "replicated",
});
const text = "x".repeat(500);

/** How old a change is when the other clouds have it, on three embedded engines that are all durable. */
export async function replicationLag(): Promise<Row> {
  const folder = mkdtempSync(
    join(process.env["AUTERITY_BENCH_DISK"] ?? tmpdir(), "auterity-bench-"),
  );
  const engines = CLOUDS.map((name) => openEngine({ path: join(folder, `${name}.db`), clock }));
  try {
    const { lagsMs, perSecond } = await measure(engines);
    const sorted = lagsMs.toSorted((a, b) => a - b);
    const figure = (name: string, share: number): Figure => {
      const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
      return { name, value, unit: "ms" };
    };
    const most = figure("longest", 1);
    return {
      id: "replication-lag",
      title: `Replication from one cloud to two others at ${WRITES_PER_SECOND} writes a second (${Math.round(perSecond)} were made)`,
      figures: [
        figure("p50", 0.5),
        figure("p99", 0.99),
        { ...most, target: `< ${MOST_MS}`, met: most.value < MOST_MS },
      ],
      notes: ["the age of the oldest change of each shipment when its peer had made it durable"],
    };
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  engines: readonly Engine[],
): Promise<{ readonly lagsMs: readonly number[]; readonly perSecond: number }> {
  const [origin, ...others] = engines.map((engine, index) => {
    const peers = CLOUDS.filter((_, other) => other !== index);
    const stores = [replicated(items)];
    return new ReplicatedState({ driver: engine.state, stores, peers, ports: { clock, random } });
  });
  if (origin === undefined) throw new Error("there is no origin");
  const lagsMs: number[] = [];
  let isOver = false;
  const shipping = others.map(async (other, index) => {
    const name = CLOUDS[index + 1] ?? "";
    const peer = { name, apply: other.apply.bind(other, "aws") };
    for (;;) {
      const wasOver = isOver;
      const { rows, lagMs } = await ship(origin, peer, clock);
      if (rows > 0) lagsMs.push(lagMs);
      else if (wasOver) return;
      await sleep(SHIP_EVERY_MS);
    }
  });
  const perSecond = await write(origin);
  isOver = true;
  await Promise.all(shipping);
  return { lagsMs, perSecond };
}

/** Open loop: each write has its moment, whether those before it have ended or not. */
async function write(state: ReplicatedState): Promise<number> {
  const { signal } = new AbortController();
  const scope = { tenant: "default", traceparent: "", event: undefined, signal };
  const rows = openStore(items, { state, clock, random }, scope);
  const startMs = performance.now();
  const writes: Promise<unknown>[] = [];
  while (writes.length < SECONDS * WRITES_PER_SECOND) {
    const due = Math.floor(((performance.now() - startMs) * WRITES_PER_SECOND) / 1_000);
    while (writes.length < Math.min(due, SECONDS * WRITES_PER_SECOND)) {
      const shelf = String(writes.length % PARTITIONS);
      writes.push(rows.create({ shelf, id: String(writes.length), text }));
    }
    await sleep(5);
  }
  await Promise.all(writes);
  return (writes.length * 1_000) / (performance.now() - startMs);
}
