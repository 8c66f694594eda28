import { Fault } from "#shared/errors";
import type { StateWrite } from "./driver.ts";
import type { Rev } from "./rev.ts";

/** One operation of a transaction, as the store's method of the same name. */
export type TransactOp<V, K> =
  | { readonly kind: "create"; readonly value: V; readonly ttlSeconds?: number }
  | {
      readonly kind: "put";
      readonly value: V;
      readonly ifRev: Rev | "any";
      readonly ttlSeconds?: number;
    }
  | { readonly kind: "delete"; readonly key: K; readonly ifRev: Rev | "any" };

/** All happened, with one revision per operation (none for a delete), or nothing did. */
export type TransactResult =
  | { readonly ok: true; readonly revs: readonly (Rev | undefined)[] }
  | { readonly ok: false; readonly failedAt: number };

/** Half of what the clouds take: the other half is for rows of ours in the same transaction. */
const MAX_OPERATIONS = 50;
/** Cosmos DB takes 2 MB in a batch (https://learn.microsoft.com/azure/cosmos-db/concepts-limits). */
const MAX_BYTES = 1_500_000;

/** Throws `invalid_argument` or `too_large` for what some cloud would refuse. */
export function checkTransaction(partition: string, writes: readonly StateWrite[]): void {
  if (writes.length > MAX_OPERATIONS) {
    throw refused(`${writes.length} operations, at most ${MAX_OPERATIONS} fit; split them`);
  }
  if (writes.some(({ key }) => key.partition !== partition)) {
    throw refused("a key is of another partition; use one transaction per partition");
  }
  if (new Set(writes.map(({ key }) => key.sort)).size !== writes.length) {
    throw refused("a key is there twice; use one operation per key");
  }
  const sizes = writes.map((write) => (write.kind === "put" ? Buffer.byteLength(write.data) : 0));
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
  if (sizeBytes > MAX_BYTES) {
    throw new Fault(
      "too_large",
      `state.transact: ${sizeBytes} bytes, at most ${MAX_BYTES} fit; split the transaction`,
    );
  }
}

function refused(what: string): Fault {
  return new Fault("invalid_argument", `state.transact: ${what}`);
}
