import type { Clock } from "#shared/function";
import type { StateKey, StateRow, StateWrite } from "#shared/state";
import { type Parcel, parcelsFor, RESERVED } from "./outbox.ts";
import type { ReplicatedRow, ReplicatedState } from "./replicated-state.ts";
import { decodeVersion } from "./version.ts";

/** Another cloud, over whatever leads there. */
export type Peer = {
  readonly name: string;
  /** Brings rows to {@link ReplicatedState.apply} of that cloud, with our name as their sender. */
  apply(rows: readonly ReplicatedRow[]): Promise<readonly StateKey[]>;
};

export type Shipped = {
  readonly rows: number;
  /** What the peer does not take yet. */
  readonly refused: number;
  /** How old the oldest change was when the peer had it: the metric `replication_lag_ms`. */
  readonly lagMs: number;
};

const NOTHING: Shipped = { rows: 0, refused: 0, lagMs: 0 };
const PARCELS = 50;
const PAGE = 100;
const PARTITIONS_AT_ONCE = 8;

/**
 * Sends a peer what waits for it, and gives how much that was. What is sent is what the rows are now, so many changes
 * of one row travel as one; a parcel is thrown away once the peer has its rows. Throws what the store or the peer
 * throws: then the rest waits for the next time.
 */
export async function ship(
  state: ReplicatedState,
  peer: Peer,
  clock: Pick<Clock, "now">,
): Promise<Shipped> {
  let total = NOTHING;
  for (const store of state.stores.keys()) {
    let batch: Promise<Shipped>[] = [];
    for await (const { partition, isQuiet, forget } of state.directory.waiting(store)) {
      const place = { store, partition };
      const work = shipPartition(state, peer, place, clock).then(async (shipped) => {
        const isOver = shipped.rows === 0 && isQuiet(clock.now());
        if (isOver && (await isIdle(state, place))) await forget();
        return shipped;
      });
      batch.push(work);
      if (batch.length < PARTITIONS_AT_ONCE) continue;
      total = sum([total, ...(await Promise.all(batch))]);
      batch = [];
    }
    total = sum([total, ...(await Promise.all(batch))]);
  }
  return total;
}

/**
 * Sends a peer every row there is, for a cloud that is new or was away too long, and among those that are left when
 * one is lost. Gives how many rows that was.
 */
export async function copyAll(state: ReplicatedState, peer: Peer): Promise<number> {
  let count = 0;
  for (const store of state.stores.keys()) {
    for await (const partition of state.directory.all(store)) {
      const range = { store, partition, from: "", to: RESERVED, limit: PAGE, descending: false };
      let after: string | undefined;
      for (;;) {
        const rows = await state.driver.list({ ...range, after }, undefined);
        if (rows.length > 0) await peer.apply(rows.map(toSend));
        count += rows.length;
        if (rows.length < PAGE) break;
        after = rows.at(-1)?.key.sort;
      }
    }
  }
  return count;
}

/** When the oldest change was made that a peer has not got; `undefined` when it has all. */
export async function oldestWaitingMs(
  state: ReplicatedState,
  peer: string,
): Promise<number | undefined> {
  let oldestMs: number | undefined;
  for (const store of state.stores.keys()) {
    for await (const { partition } of state.directory.waiting(store)) {
      const [first] = await parcelsFor(state.driver, peer, { store, partition }, 1);
      if (first !== undefined) oldestMs = Math.min(first.atMs, oldestMs ?? first.atMs);
    }
  }
  return oldestMs;
}

async function shipPartition(
  state: ReplicatedState,
  peer: Peer,
  place: Pick<StateKey, "store" | "partition">,
  clock: Pick<Clock, "now">,
): Promise<Shipped> {
  let total = NOTHING;
  for (;;) {
    const parcels = await parcelsFor(state.driver, peer.name, place, PARCELS);
    if (parcels.length === 0) return total;
    const sorts = [...new Set(parcels.flatMap((parcel) => parcel.sorts))];
    const keys = sorts.map((sort) => ({ ...place, sort }));
    const kept = new Set<string>();
    for (let first = 0; first < keys.length; first += PAGE) {
      const page = keys.slice(first, first + PAGE);
      const rows = await Promise.all(page.map((key) => state.driver.read(key, undefined)));
      const found = rows.flatMap((row) => (row === undefined ? [] : [toSend(row)]));
      for (const { sort } of await peer.apply(found)) kept.add(sort);
    }
    const sent = parcels.filter((parcel) => !parcel.sorts.some((sort) => kept.has(sort)));
    await throwAway(state, sent);
    const oldestMs = Math.min(...sent.map(({ atMs }) => atMs), clock.now());
    const lagMs = clock.now() - oldestMs;
    total = sum([total, { rows: sorts.length, refused: kept.size, lagMs }]);
    // What is refused today stands in the way of nothing but itself.
    if (parcels.length < PARCELS || sent.length === 0) return total;
  }
}

/** A parcel that somebody else threw away meanwhile must not keep the others: there is no condition. */
async function throwAway(state: ReplicatedState, parcels: readonly Parcel[]): Promise<void> {
  const writes = parcels.map(({ key }): StateWrite => ({
    kind: "delete",
    key,
    condition: { kind: "any" },
  }));
  if (writes.length > 0) await state.driver.transact(writes, undefined);
}

async function isIdle(
  state: ReplicatedState,
  place: Pick<StateKey, "store" | "partition">,
): Promise<boolean> {
  const waiting = await Promise.all(
    state.peers.map((name) => parcelsFor(state.driver, name, place, 1)),
  );
  return waiting.every((parcels) => parcels.length === 0);
}

function toSend(row: StateRow): ReplicatedRow {
  return { key: row.key, version: decodeVersion(row) };
}

function sum(parts: readonly Shipped[]): Shipped {
  return {
    rows: parts.reduce((total, { rows }) => total + rows, 0),
    refused: parts.reduce((total, { refused }) => total + refused, 0),
    lagMs: Math.max(...parts.map(({ lagMs }) => lagMs)),
  };
}
