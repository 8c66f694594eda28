import { Fault } from "#shared/errors";
import type { ClientScope } from "#shared/function";
import type { StateCondition, StateKey, StateRow, StateWrite } from "./driver.ts";
import { type HybridClock, hybridClock } from "./hlc.ts";
import { partitionKey, sortKey } from "./keys.ts";
import { type ListOptions, listPage, type Page } from "./list-page.ts";
import { decodeRev, encodeRev, type Rev } from "./rev.ts";
import { decodeRow, encodeValue, type Entry, keyText, type StoreShape } from "./row-codec.ts";
import { isExpired, Rows, type StatePorts } from "./rows.ts";
import { checkTransaction, type TransactOp, type TransactResult } from "./transact.ts";

/** A write either happened or met another row than it was based on; `current` is that row, unless it is gone. */
export type WriteResult<V> =
  | { readonly ok: true; readonly rev: Rev }
  | { readonly ok: false; readonly current?: Entry<V> | undefined };

/** As {@link WriteResult}; a deleted row has no revision. */
export type DeleteResult<V> =
  | { readonly ok: true }
  | { readonly ok: false; readonly current?: Entry<V> | undefined };

export type WriteOptions = {
  /** The row counts as absent when so many seconds have passed. Without it the row stays. */
  readonly ttlSeconds?: number;
};

export type UpdateOptions = WriteOptions & { readonly maxAttempts?: number };

const UPDATE_ATTEMPTS = 12;
const UPDATE_BACKOFF_MS = 5;
const STALE_READ_ATTEMPTS = 5;

/**
 * A store as functions see it: typed values under the tenant of the invocation, compare-and-set by revision, expiry
 * to the second. Same behaviour over every driver. All methods throw a Fault from `platform` when the store fails;
 * a write whose outcome cannot be told throws `unavailable` with the detail `outcome: "unknown"`.
 */
export class Store<V extends object, K extends object> {
  readonly #shape: StoreShape<V>;
  readonly #ports: StatePorts;
  readonly #tenant: string;
  readonly #rows: Rows;
  readonly #hlc: HybridClock;

  constructor(shape: StoreShape<V>, ports: StatePorts, scope: ClientScope) {
    this.#shape = shape;
    this.#ports = ports;
    this.#tenant = scope.tenant;
    this.#rows = new Rows(ports, scope);
    this.#hlc = hybridClock(ports.state, ports.random);
  }

  /**
   * The value of a key, `undefined` when there is none. `atLeast` reads one's own write on any instance: a store that
   * still shows an older state is asked again for a moment, then `unavailable` is thrown.
   */
  async get(key: K, options: { readonly atLeast?: Rev } = {}): Promise<Entry<V> | undefined> {
    const row = await this.#read(this.#key(key), options.atLeast);
    return this.#live(row);
  }

  /** Writes a value whose key is free; an expired row leaves its key free. */
  async create(value: V, options: WriteOptions = {}): Promise<WriteResult<V>> {
    return this.#write(value, this.#absent(), this.#expiry(options));
  }

  /**
   * Replaces a value if its row is still at `ifRev`; `"any"` writes without looking. The row's expiry is replaced
   * too: without `ttlSeconds` it has none.
   */
  async put(
    value: V,
    options: WriteOptions & { readonly ifRev: Rev | "any" },
  ): Promise<WriteResult<V>> {
    const condition = this.#condition(options.ifRev);
    return this.#write(value, condition, this.#expiry(options));
  }

  /** Deletes a row if it is still at `ifRev`. To delete what does not exist with `"any"` succeeds. */
  async delete(key: K, options: { readonly ifRev: Rev | "any" }): Promise<DeleteResult<V>> {
    const condition = this.#condition(options.ifRev);
    const result = await this.#rows.write({ kind: "delete", key: this.#key(key), condition });
    return result.ok ? { ok: true } : { ok: false, current: this.#live(result.current) };
  }

  /**
   * Applies a pure function to the value as often as it takes to write the outcome on top of what it read.
   * `undefined` from the function leaves the row alone. A row keeps its expiry unless `ttlSeconds` is given. Throws
   * `aborted` when other writers were faster `maxAttempts` times (12).
   */
  async update(
    key: K,
    change: (current: V | undefined) => V | undefined,
    options: UpdateOptions = {},
  ): Promise<Entry<V> | undefined> {
    const at = this.#key(key);
    const maxAttempts = options.maxAttempts ?? UPDATE_ATTEMPTS;
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const entry = this.#live(await this.#rows.read(at));
      const next = change(entry?.value);
      if (next === undefined) return entry;
      const written = await this.#replace(at, entry, next, options);
      if (written !== undefined) return written;
      if (attempt < maxAttempts) await this.#rows.backoff(attempt, UPDATE_BACKOFF_MS);
    }
    throw new Fault(
      "aborted",
      `state.update: other writers were faster ${maxAttempts} times; try again or spread the load over more keys`,
      { details: { store: this.#shape.name } },
    );
  }

  /**
   * Applies up to 50 operations on distinct keys of one partition, all or none; `failedAt` is the first whose
   * condition did not hold. Throws `invalid_argument` for a list that some cloud would refuse.
   */
  async transact(partition: string, ops: readonly TransactOp<V, K>[]): Promise<TransactResult> {
    const writes = ops.map((op) => this.#operation(op));
    checkTransaction(this.#partition(partition), writes);
    const result = await this.#rows.transact(writes);
    if (!result.ok) return result;
    const revs = writes.map((write, index) =>
      write.kind === "put"
        ? encodeRev({ rev: write.rev, handle: result.handles[index] ?? write.rev })
        : undefined,
    );
    return { ok: true, revs };
  }

  /** One page of a partition in byte order of the sort field. Expired rows are not on it. */
  async list(partition: string, options: ListOptions = {}): Promise<Page<V>> {
    const at = { store: this.#shape.name, partition: this.#partition(partition) };
    return listPage(this.#rows, at, options, (row) => this.#live(row));
  }

  async #read(key: StateKey, atLeast: Rev | undefined): Promise<StateRow | undefined> {
    const wanted = atLeast === undefined ? "" : decodeRev(atLeast).rev;
    for (let attempt = 1; ; attempt += 1) {
      const row = await this.#rows.read(key);
      if (row === undefined ? wanted === "" : row.rev >= wanted) return row;
      if (attempt < STALE_READ_ATTEMPTS) await this.#rows.backoff(attempt);
      // A row that stays absent was deleted after that revision.
      else if (row === undefined) return undefined;
      else throw stale(this.#shape.name);
    }
  }

  async #replace(
    at: StateKey,
    entry: Entry<V> | undefined,
    next: V,
    options: WriteOptions,
  ): Promise<Entry<V> | undefined> {
    const kept = options.ttlSeconds === undefined ? entry?.expiresAtSeconds : undefined;
    const expiry = kept ?? this.#expiry(options);
    const condition = entry === undefined ? this.#absent() : this.#condition(entry.rev);
    const { value, write } = this.#put(next, condition, expiry);
    if (write.key.partition !== at.partition || write.key.sort !== at.sort) {
      throw new Fault("invalid_argument", "state.update: the key changed; keep its fields");
    }
    const result = await this.#rows.write(write);
    if (!result.ok) return undefined;
    const expires = expiry === null ? {} : { expiresAtSeconds: expiry };
    return { value, rev: encodeRev({ rev: write.rev, handle: result.handle }), ...expires };
  }

  async #write(
    value: V,
    condition: StateCondition,
    expiresAtSeconds: number | null,
  ): Promise<WriteResult<V>> {
    const { write } = this.#put(value, condition, expiresAtSeconds);
    const result = await this.#rows.write(write);
    if (!result.ok) return { ok: false, current: this.#live(result.current) };
    return { ok: true, rev: encodeRev({ rev: write.rev, handle: result.handle }) };
  }

  #operation(op: TransactOp<V, K>): StateWrite {
    if (op.kind === "delete") {
      return { kind: "delete", key: this.#key(op.key), condition: this.#condition(op.ifRev) };
    }
    const condition = op.kind === "create" ? this.#absent() : this.#condition(op.ifRev);
    return this.#put(op.value, condition, this.#expiry(op)).write;
  }

  #put(
    given: V,
    condition: StateCondition,
    expiresAtSeconds: number | null,
  ): { value: V; write: Extract<StateWrite, { kind: "put" }> } {
    const { value, data } = encodeValue(this.#shape, given);
    const rev = this.#hlc.next(this.#ports.clock.now());
    const key = this.#key(value);
    return { value, write: { kind: "put", key, data, rev, expiresAtSeconds, condition } };
  }

  #absent(): StateCondition {
    return { kind: "absent", nowSeconds: this.#nowSeconds() };
  }

  #condition(ifRev: Rev | "any"): StateCondition {
    if (ifRev === "any") return { kind: "any" };
    const { rev, handle } = decodeRev(ifRev);
    this.#hlc.observe(rev, this.#ports.clock.now());
    return { kind: "handle", handle };
  }

  #live(row: StateRow | undefined): Entry<V> | undefined {
    if (row === undefined) return undefined;
    this.#hlc.observe(row.rev, this.#ports.clock.now());
    return isExpired(row, this.#nowSeconds()) ? undefined : decodeRow(this.#shape, row);
  }

  #key(source: object): StateKey {
    const { name, partition, sort } = this.#shape;
    return {
      store: name,
      partition: this.#partition(keyText(source, partition)),
      sort: sortKey(keyText(source, sort)),
    };
  }

  #partition(partition: string): string {
    return partitionKey(this.#tenant, partition);
  }

  #expiry({ ttlSeconds }: WriteOptions): number | null {
    if (ttlSeconds === undefined) return null;
    if (!this.#shape.ttl || !Number.isFinite(ttlSeconds) || ttlSeconds <= 0) {
      throw new Fault(
        "invalid_argument",
        `state.write: "${this.#shape.name}" takes no ttlSeconds of ${ttlSeconds}; declare ttl and give a positive time`,
      );
    }
    return Math.ceil(this.#ports.clock.now() / 1000 + ttlSeconds);
  }

  #nowSeconds(): number {
    return Math.floor(this.#ports.clock.now() / 1000);
  }
}

function stale(name: string): Fault {
  return new Fault(
    "unavailable",
    "state.get: the store still shows an older state than asked for; try again",
    { origin: "platform", details: { store: name } },
  );
}
