import { Fault } from "#shared/errors";
import {
  type Members,
  Replica,
  type Replicated,
  type ReplicaStatus,
  type Spread,
} from "#shared/replication";
import type { StateDriver } from "#shared/state";
import { jsonLines } from "#shared/telemetry";
import { systemClock, systemRandom } from "../system.ts";
import { acrossCloudsSettings } from "./across-clouds.ts";
import { peerSender } from "./peer-sender.ts";
import { listenForPeers } from "./replica-server.ts";

export type ReplicasOptions = {
  /** Each cloud's own store; the first is home at first. */
  readonly drivers: Readonly<Record<string, StateDriver>>;
  readonly spread: Spread;
  readonly stores: readonly Replicated[];
  readonly key: string;
  readonly onLog: (cloud: string, line: string) => void;
};

/** One replica per cloud, which talk to each other over HTTP as they would from cloud to cloud. */
export type Replicas = {
  /** What a cloud's functions have to be told. */
  settings(cloud: string): Readonly<Record<string, string>>;
  status(): Promise<readonly ReplicaStatus[]>;
  /** See {@link Replica.promote}; asks the first survivor, or the home to be. */
  promote(
    lost: string,
    options: { readonly home?: string; readonly isGone?: boolean },
  ): Promise<Members>;
  stop(): Promise<void>;
};

/** All on this machine: their clocks are one, so a lease that is over for one is over for all. */
const LEASES = { leaseMs: 10_000, handoverMs: 12_000 };

/** Starts the replicas of clouds whose stores are apart. */
export async function startReplicas(options: ReplicasOptions): Promise<Replicas> {
  const { drivers, spread, stores, key, onLog } = options;
  const clouds = Object.keys(drivers);
  const [home = ""] = clouds;
  const servers = new Map(
    await Promise.all(clouds.map(async (cloud) => [cloud, await listenForPeers()] as const)),
  );
  const urls = Object.fromEntries([...servers].map(([cloud, { url }]) => [cloud, url]));
  const replicas = new Map<string, Replica>();
  for (const [cloud, driver] of Object.entries(drivers)) {
    const telemetry = jsonLines((line) => onLog(cloud, line));
    const ports = { clock: systemClock, random: systemRandom, telemetry };
    const initial = { home, clouds };
    const send = peerSender(urls);
    const own = { cloud, driver, spread, stores, initial, key, send, ports };
    const replica = await Replica.open({ ...own, leases: LEASES });
    replicas.set(cloud, replica);
    servers.get(cloud)?.serve(replica);
  }
  for (const replica of replicas.values()) replica.start();
  return {
    settings: (cloud) => acrossCloudsSettings({ cloud, urls, key }),
    status: () => Promise.all([...replicas.values()].map((replica) => replica.status())),
    async promote(lost, how) {
      const survivor =
        clouds.find((cloud) => cloud === how.home) ?? clouds.find((cloud) => cloud !== lost);
      const replica = replicas.get(survivor ?? "");
      if (replica === undefined || !clouds.includes(lost)) throw unknownCloud(lost);
      return replica.promote(lost, how);
    },
    async stop() {
      await Promise.all([...replicas.values()].map((replica) => replica.stop()));
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}

function unknownCloud(lost: string): Fault {
  return new Fault(
    "invalid_argument",
    `replication.promote: there is no cloud "${lost}" beside another; see GET /v1/replication`,
    { origin: "caller" },
  );
}
