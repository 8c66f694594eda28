import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { type Engine, openEngine } from "../../adapters/local/engine/engine.ts";
import { systemClock as clock, systemRandom as random } from "../../adapters/local/system.ts";
import { listenForPeers } from "../../adapters/local/replication/replica-server.ts";
import { peerSender } from "../../adapters/local/replication/peer-sender.ts";
import { CloudState, Replica, replicated, spreadOf } from "../../shared/replication/index.ts";
import { openStore, type StateDriver, store } from "../../shared/state/index.ts";
import { memoryTelemetry, type TelemetryDriver } from "../../shared/telemetry/index.ts";
import type { Figure, Row } from "../report.ts";

const SECONDS = 10;
const WRITES_PER_SECOND = 1_000;
const PARTITIONS = 50;
const KEY = "a key that three clouds share";
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

/** How old a change is when the other clouds have it: three embedded engines, all durable, and signed HTTP between. */
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
      notes: [
        "the age of the oldest change of each shipment when its peer had made it durable, over signed HTTP",
      ],
    };
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  engines: readonly Engine[],
): Promise<{ readonly lagsMs: readonly number[]; readonly perSecond: number }> {
  const lagsMs: number[] = [];
  const telemetry: TelemetryDriver = {
    ...memoryTelemetry(),
    metric: ({ value }) => void lagsMs.push(value),
  };
  const spread = spreadOf([items]);
  const servers = await Promise.all(CLOUDS.map(() => listenForPeers()));
  const urls = Object.fromEntries(servers.map(({ url }, index) => [CLOUDS[index], url]));
  const shared = { spread, key: KEY, send: peerSender(urls) };
  const replicas = await Promise.all(
    engines.map(async ({ state: driver }, index) => {
      const cloud = CLOUDS[index] ?? "";
      const initial = { home: "aws", clouds: [...CLOUDS] };
      const ports = { clock, random, telemetry };
      const own = { ...shared, cloud, driver, stores: [replicated(items)], initial, ports };
      const replica = await Replica.open(own);
      servers[index]?.serve(replica);
      replica.start();
      return replica;
    }),
  );
  const driver = engines[0]?.state;
  if (driver === undefined) throw new Error("there is no origin");
  const ports = { clock, random };
  const perSecond = await write(new CloudState({ ...shared, cloud: "aws", driver, ports }));
  await untilLevel(replicas);
  await Promise.all(replicas.map((replica) => replica.stop()));
  await Promise.all(servers.map((server) => server.close()));
  return { lagsMs, perSecond };
}

/** Waits until no cloud is behind another. */
async function untilLevel(replicas: readonly Replica[]): Promise<void> {
  for (;;) {
    const statuses = await Promise.all(replicas.map((replica) => replica.status()));
    if (statuses.every(({ peers }) => Object.values(peers).every(({ lagMs }) => lagMs === 0)))
      return;
    await sleep(100);
  }
}

/** Open loop: each write has its moment, whether those before it have ended or not. */
async function write(state: StateDriver): Promise<number> {
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
