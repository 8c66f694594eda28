import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import type { BlobDriver } from "#shared/blob";
import type { Run, RunPage } from "#shared/console";
import type { Clock } from "#shared/function";
import type { QueueDriver } from "#shared/queue";
import type { StateDriver } from "#shared/state";
import type { Subscription, TopicDriver } from "#shared/topic";
import { BlobFiles } from "./blob-files.ts";
import { type BlobSigner, blobSigner } from "./blob-signer.ts";
import { type CostRow, Costs } from "./costs.ts";
import { openDatabase } from "./database.ts";
import { GroupCommit } from "./group-commit.ts";
import { type Leased, Messages, type Settle } from "./messages.ts";
import { Meta } from "./meta.ts";
import { type RunFilter, Runs } from "./runs.ts";
import { Slots } from "./slots.ts";
import { EngineState } from "./state.ts";
import { engineTopic } from "./topics.ts";

export type { Leased, Settle } from "./messages.ts";
export type { RunFilter } from "./runs.ts";

/** The embedded engine: state, queues, schedules and runs in one file, durable before a promise resolves. */
export interface Engine {
  readonly state: StateDriver;
  /** The sending half of the queues, for messages whose home is this runtime, and why it is. */
  queue(home: string, placement?: string): QueueDriver;
  /** The publishing half of the topics: events become messages of the subscribers' queues in one transaction. */
  topic(home: string, subscriptions: readonly Subscription[]): TopicDriver;
  /** Blobs as files beside the database. The URLs it signs have no host; the gateway's belongs before them. */
  readonly blobs: BlobDriver;
  readonly blobSigner: BlobSigner;
  lease(queue: string, limit: number, leaseSeconds: number): Promise<readonly Leased[]>;
  /** False when the lease had ended before. */
  settle(handle: string, settle: Settle): Promise<boolean>;
  releaseAll(): Promise<void>;
  depth(queue: string): number;
  nextVisibleAtMs(queue: string): number | undefined;
  onMessage(listener: (queue: string) => void): () => void;
  claimSlot(schedule: string, slotMs: number): Promise<boolean>;
  lastSlot(schedule: string): number | undefined;
  recordRun(run: Run): void;
  runs(filter: RunFilter): RunPage;
  run(id: string): Run | undefined;
  /** What the runs of a month (`YYYY-MM`) cost, one row per tenant, runtime, function and kind of unit. */
  costs(month: string): readonly CostRow[];
  readonly meta: Pick<Meta, "get" | "set">;
  /** Commits what waits and gives the file free. */
  close(): Promise<void>;
}

export type EngineOptions = {
  /** The database file; its folder exists. */
  readonly path: string;
  readonly clock: Pick<Clock, "now">;
  /** How many runs are kept; 200,000 when left out. */
  readonly keptRuns?: number;
  /** Where blobs lie, made at first use; `blobs` beside the database when left out. */
  readonly blobFolder?: string;
};

/** Opens the engine. One process owns the file: throws `failed_precondition` when another does. */
export function openEngine(options: EngineOptions): Engine {
  const { path, clock, keptRuns, blobFolder = join(dirname(path), "blobs") } = options;
  const db = openDatabase(path);
  const writer = new GroupCommit(db);
  const messages = new Messages(db, writer, clock);
  const slots = new Slots(db, writer);
  const costs = new Costs(db);
  const runs = new Runs(db, writer, costs, keptRuns);
  const meta = new Meta(db, writer);
  const signer = blobSigner(() => meta.getOrMake("blob-signing-secret", makeSecret));
  const blobs = new BlobFiles({ folder: blobFolder, clock, signer });
  return {
    state: new EngineState(db, writer, clock),
    queue: (home, placement) => messages.driver(home, placement),
    topic: (home, subscriptions) => engineTopic(messages, home, subscriptions),
    lease: (queue, limit, leaseSeconds) => messages.lease(queue, limit, leaseSeconds),
    settle: (handle, settle) => messages.settle(handle, settle),
    releaseAll: () => messages.releaseAll(),
    depth: (queue) => messages.depth(queue),
    nextVisibleAtMs: (queue) => messages.nextVisibleAtMs(queue),
    onMessage: (listener) => messages.onMessage(listener),
    claimSlot: (schedule, slotMs) => slots.claim(schedule, slotMs),
    lastSlot: (schedule) => slots.last(schedule),
    recordRun: (run) => runs.record(run),
    runs: (filter) => runs.page(filter),
    run: (id) => runs.get(id),
    costs: (month) => costs.month(month),
    meta,
    blobs,
    blobSigner: signer,
    async close() {
      await blobs.end();
      writer.close();
      if (db.isOpen) db.close();
    },
  };
}

function makeSecret(): string {
  return randomBytes(32).toString("hex");
}
