import type { Code } from "#shared/errors";

/** Where a row lives. `partition` already carries the tenant; both parts are escaped by the portable class. */
export type StateKey = {
  readonly store: string;
  readonly partition: string;
  readonly sort: string;
};

/** A stored row, the same in every store. */
export type StateRow = {
  readonly key: StateKey;
  /** Canonical JSON text of the value. */
  readonly data: string;
  /** Our revision, a hybrid logical clock reading: it travels in replication, the handle does not. */
  readonly rev: string;
  /** Epoch seconds after which the row counts as absent; `null` means never. */
  readonly expiresAtSeconds: number | null;
  /** The provider's own token for compare-and-set (an etag, an update time, our rev). */
  readonly handle: string;
};

/** What must hold for a write to happen. `absent` also holds for a row with `expiresAtSeconds <= nowSeconds`. */
export type StateCondition =
  | { readonly kind: "any" }
  | { readonly kind: "absent"; readonly nowSeconds: number }
  | { readonly kind: "handle"; readonly handle: string };

export type StateWrite =
  | {
      readonly kind: "put";
      readonly key: StateKey;
      readonly data: string;
      readonly rev: string;
      readonly expiresAtSeconds: number | null;
      readonly condition: StateCondition;
    }
  | { readonly kind: "delete"; readonly key: StateKey; readonly condition: StateCondition };

/** A conditional write either happened (and left a handle) or met another row than the condition allows. */
export type StateWriteResult =
  | { readonly ok: true; readonly handle: string }
  | { readonly ok: false; readonly current: StateRow | undefined };

/** All or nothing: `failedAt` is the index of the first operation whose condition did not hold. */
export type StateTransactResult =
  | { readonly ok: true; readonly handles: readonly string[] }
  | { readonly ok: false; readonly failedAt: number };

/** A range of one partition, in byte order of `sort`; `from` and `to` are inclusive and exclusive. */
export type StateRange = {
  readonly store: string;
  readonly partition: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly limit: number;
  readonly descending: boolean;
  /** Continue after this sort key (before it when descending). */
  readonly after: string | undefined;
};

/**
 * What a cloud's store must provide: one attempt, no retry, no validation, no expiry filter on reads.
 * Throw whatever the SDK throws; {@link StateDriver.codeOf} is the only translation.
 */
export interface StateDriver {
  readonly name: string;
  read(key: StateKey, signal: AbortSignal | undefined): Promise<StateRow | undefined>;
  write(write: StateWrite, signal: AbortSignal | undefined): Promise<StateWriteResult>;
  /** Keys are distinct and in one store and partition; at most 50 operations. */
  transact(
    writes: readonly StateWrite[],
    signal: AbortSignal | undefined,
  ): Promise<StateTransactResult>;
  list(range: StateRange, signal: AbortSignal | undefined): Promise<readonly StateRow[]>;
  /** Category of an error thrown by the methods above; `undefined` when unknown. */
  codeOf(error: unknown): Code | undefined;
  close(): Promise<void>;
}
