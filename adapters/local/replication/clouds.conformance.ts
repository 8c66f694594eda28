import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "#shared/errors";
import { CloudState, Replica, replicated, type SendToPeer, spreadOf } from "#shared/replication";
import { scheduleSlots } from "#shared/schedules";
import { openStore, type StateRow, store, type Store } from "#shared/state";
import { memoryTelemetry } from "#shared/telemetry";
import * as z from "zod";
import { type Engine, openEngine } from "../engine/engine.ts";
import { systemClock as clock, systemRandom as random } from "../system.ts";
import { peerSender } from "./peer-sender.ts";
import { listenForPeers, type ReplicaServer } from "./replica-server.ts";

const Note = z.object({ shelf: z.string(), id: z.string(), text: z.string() });
export type Note = z.infer<typeof Note>;
const keys = { schema: Note, partition: "shelf", sort: "id", ttl: true } as const;
const notes = store("notes", { ...keys, acrossClouds: "replicated" });
const claims = store("claims", { ...keys, acrossClouds: "home" });
const plain = store("plain", keys);
const stores = [notes, claims, scheduleSlots];
const spread = spreadOf(stores);

export const NAMES = ["aws", "azure", "gcp"] as const;
export type Name = (typeof NAMES)[number];
export const KEY = "a key that three clouds share";
const LEASES = { leaseMs: 1_000, handoverMs: 1_200 };

type Notes = Store<Note, Pick<Note, "shelf" | "id">>;

/** One cloud: an embedded engine of its own, a replica behind a real HTTP server, and what a function has there. */
export type TestCloud = {
  readonly name: Name;
  readonly url: string;
  readonly engine: Engine;
  readonly replica: Replica;
  readonly telemetry: ReturnType<typeof memoryTelemetry>;
  readonly state: CloudState;
  readonly notes: Notes;
  readonly claims: Notes;
  readonly plain: Notes;
  /** The process is gone; its file stays. */
  stop(): Promise<void>;
};

/** Three clouds whose network can be cut. */
export class TestClouds {
  readonly #folder = mkdtempSync(join(tmpdir(), "auterity-clouds-"));
  readonly #urls: Record<string, string> = {};
  readonly #cut = new Set<string>();
  readonly #running = new Map<Name, TestCloud>();

  static async start(): Promise<TestClouds> {
    const clouds = new TestClouds();
    const servers = await Promise.all(NAMES.map(() => listenForPeers()));
    for (const [index, server] of servers.entries()) {
      clouds.#urls[NAMES[index] ?? ""] = server.url;
    }
    await Promise.all(NAMES.map(async (name, at) => clouds.#run(name, servers[at])));
    return clouds;
  }

  get(name: Name): TestCloud {
    const cloud = this.#running.get(name);
    if (cloud === undefined) throw new Error(`${name} is down`);
    return cloud;
  }

  all(): TestCloud[] {
    return [...this.#running.values()];
  }

  /** Nothing gets from this cloud to the others any more, nor back. */
  isolate(name: Name): void {
    this.#cut.add(name);
  }

  heal(): void {
    this.#cut.clear();
  }

  async kill(name: Name): Promise<void> {
    const cloud = this.get(name);
    this.#running.delete(name);
    await cloud.stop();
  }

  /** Starts it again on what its file holds, at its old address. */
  async restart(name: Name): Promise<TestCloud> {
    await this.#run(name, await listenForPeers(Number(new URL(this.#urls[name] ?? "").port)));
    return this.get(name);
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map((cloud) => cloud.stop()));
    rmSync(this.#folder, { recursive: true });
  }

  async #run(name: Name, server: ReplicaServer | undefined): Promise<void> {
    if (server === undefined) throw new Error("there is no server");
    const engine = openEngine({ path: join(this.#folder, `${name}.db`), clock });
    const send = this.#senderOf(name);
    const telemetry = memoryTelemetry();
    const replica = await Replica.open({
      cloud: name,
      driver: engine.state,
      spread,
      stores: [replicated(notes), replicated(claims), replicated(scheduleSlots)],
      initial: { home: "aws", clouds: [...NAMES] },
      key: KEY,
      send,
      ports: { clock, random, telemetry },
      leases: LEASES,
    });
    server.serve(replica);
    replica.start();
    const ports = { clock, random };
    const state = new CloudState({
      cloud: name,
      driver: engine.state,
      spread,
      key: KEY,
      send,
      ports,
    });
    this.#running.set(name, {
      name,
      url: server.url,
      engine,
      replica,
      telemetry,
      state,
      notes: openStore(notes, { state, ...ports }, scope),
      claims: openStore(claims, { state, ...ports }, scope),
      plain: openStore(plain, { state, ...ports }, scope),
      async stop() {
        await replica.stop();
        await server.close();
        await engine.close();
      },
    });
  }

  #senderOf(from: Name): SendToPeer {
    const send = peerSender(this.#urls);
    return async (to, request, signal) => {
      if (this.#cut.has(from) || this.#cut.has(to)) {
        throw new Fault("unavailable", "test: the network is cut", { origin: "platform" });
      }
      return send(to, request, signal);
    };
  }
}

export const scope = {
  tenant: "default",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

/** The rows of a store that a cloud itself holds, deletions included, without what waits to be sent. */
export async function rowsOf(cloud: TestCloud, name: string, shelf: string): Promise<StateRow[]> {
  const range = { store: name, partition: `default~~${shelf}`, from: "", to: "~~", limit: 10_000 };
  return [
    ...(await cloud.engine.state.list(
      { ...range, descending: false, after: undefined },
      undefined,
    )),
  ];
}

/** Asks again until it is so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error("it did not come about");
}
