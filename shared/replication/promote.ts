import { parcelsFor } from "./outbox.ts";
import type { ReplicatedState } from "./replicated-state.ts";
import { copyAll, type Peer } from "./ship.ts";

const PARCELS = 50;

/**
 * What a survivor does when a cloud is lost for good: it throws away what waited for the lost one and gives the other
 * survivors everything it has, so that what reached one of them reaches all. Each survivor does so when it no longer names
 * the lost cloud among its peers, and once more when no invocation lives that still did (15 minutes at most): one may
 * have been taking rows of the lost cloud. Gives how many rows it sent.
 */
export async function promote(
  state: ReplicatedState,
  lost: string,
  survivors: readonly Peer[],
): Promise<number> {
  for (const store of state.stores.keys()) {
    for await (const { partition } of state.directory.waiting(store)) {
      for (;;) {
        const parcels = await parcelsFor(state.driver, lost, { store, partition }, PARCELS);
        const condition = { kind: "any" } as const;
        const writes = parcels.map(({ key }) => ({ kind: "delete", key, condition }) as const);
        if (writes.length > 0) await state.driver.transact(writes, undefined);
        if (writes.length < PARCELS) break;
      }
    }
  }
  const sent = await Promise.all(survivors.map((peer) => copyAll(state, peer)));
  return sent.reduce((total, rows) => total + rows, 0);
}
