import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Clock } from "#shared/function";
import {
  holds,
  type StateDriver,
  type StateKey,
  type StateRange,
  type StateRow,
  type StateTransactResult,
  type StateWrite,
  type StateWriteResult,
} from "#shared/state";
import { codeOfSqlite, integer, text } from "./database.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Expired rows are deleted now and then, an hour late, so that clocks may disagree about "expired". */
const SWEEP_EVERY_WRITES = 1_000;
const SWEEP_GRACE_SECONDS = 3_600;
/** Every key is of `[A-Za-z0-9._~-]`, so a space sorts before and DEL after whatever can follow. */
const BEFORE_ALL = " ";
const AFTER_ALL = "\u007f";

/** State on the embedded engine. Reads see what is committed; writes join the group commit. */
export class EngineState implements StateDriver {
  readonly name = "sqlite";
  readonly #writer: GroupCommit;
  readonly #clock: Pick<Clock, "now">;
  readonly #db: DatabaseSync;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #remove: StatementSync;
  readonly #sweep: StatementSync;
  readonly #ascending: StatementSync;
  readonly #descending: StatementSync;
  #writes = 0;

  constructor(db: DatabaseSync, writer: GroupCommit, clock: Pick<Clock, "now">) {
    this.#db = db;
    this.#writer = writer;
    this.#clock = clock;
    const at = "store = ? AND partition = ? AND sort = ?";
    const range = "FROM state WHERE store = ? AND partition = ? AND sort >= ? AND sort < ?";
    this.#select = db.prepare(`SELECT * FROM state WHERE ${at}`);
    this.#upsert = db.prepare(
      `INSERT INTO state (store, partition, sort, data, rev, expires_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET data = excluded.data, rev = excluded.rev, expires_at = excluded.expires_at`,
    );
    this.#remove = db.prepare(`DELETE FROM state WHERE ${at}`);
    this.#sweep = db.prepare(
      "DELETE FROM state WHERE rowid IN (SELECT rowid FROM state WHERE expires_at <= ? LIMIT 2000)",
    );
    this.#ascending = db.prepare(`SELECT * ${range} ORDER BY sort ASC LIMIT ?`);
    this.#descending = db.prepare(`SELECT * ${range} ORDER BY sort DESC LIMIT ?`);
  }

  async read(key: StateKey, signal: AbortSignal | undefined): Promise<StateRow | undefined> {
    signal?.throwIfAborted();
    return this.#read(key);
  }

  async write(write: StateWrite, signal: AbortSignal | undefined): Promise<StateWriteResult> {
    signal?.throwIfAborted();
    return this.#writer.apply(() => {
      const current = this.#read(write.key);
      if (!holds(write.condition, current)) return { ok: false, current };
      return { ok: true, handle: this.#put(write) };
    });
  }

  async transact(
    writes: readonly StateWrite[],
    signal: AbortSignal | undefined,
  ): Promise<StateTransactResult> {
    signal?.throwIfAborted();
    return this.#writer.apply(() => {
      const failedAt = writes.findIndex(({ key, condition }) => !holds(condition, this.#read(key)));
      return failedAt === -1
        ? { ok: true, handles: this.#putAll(writes) }
        : { ok: false, failedAt };
    });
  }

  async list(range: StateRange, signal: AbortSignal | undefined): Promise<readonly StateRow[]> {
    signal?.throwIfAborted();
    const { store, partition, from, to = AFTER_ALL, after, limit, descending } = range;
    const rows =
      after === undefined
        ? (descending ? this.#descending : this.#ascending).all(store, partition, from, to, limit)
        : descending
          ? this.#descending.all(store, partition, from, after < to ? after : to, limit)
          : this.#ascending.all(store, partition, later(from, after + BEFORE_ALL), to, limit);
    return rows.map(rowOf);
  }

  codeOf(error: unknown): ReturnType<typeof codeOfSqlite> {
    return codeOfSqlite(error);
  }

  /** The engine owns the database. */
  async close(): Promise<void> {}

  #read({ store, partition, sort }: StateKey): StateRow | undefined {
    const row = this.#select.get(store, partition, sort);
    return row === undefined ? undefined : rowOf(row);
  }

  #put(write: StateWrite): string {
    const { store, partition, sort } = write.key;
    if (write.kind === "delete") {
      this.#remove.run(store, partition, sort);
      return "";
    }
    this.#upsert.run(store, partition, sort, write.data, write.rev, write.expiresAtSeconds);
    this.#writes += 1;
    if (this.#writes % SWEEP_EVERY_WRITES === 0) {
      this.#sweep.run(Math.floor(this.#clock.now() / 1000) - SWEEP_GRACE_SECONDS);
    }
    return write.rev;
  }

  // Its neighbours in the group must not see half of it, should the second of three writes throw.
  #putAll(writes: readonly StateWrite[]): string[] {
    this.#db.exec("SAVEPOINT transaction_of_many");
    try {
      const handles = writes.map((write) => this.#put(write));
      this.#db.exec("RELEASE transaction_of_many");
      return handles;
    } catch (thrown) {
      if (this.#db.isTransaction) {
        this.#db.exec("ROLLBACK TO transaction_of_many; RELEASE transaction_of_many");
      }
      throw thrown;
    }
  }
}

function rowOf(row: Record<string, SQLOutputValue>): StateRow {
  const rev = text(row["rev"]);
  return {
    key: {
      store: text(row["store"]),
      partition: text(row["partition"]),
      sort: text(row["sort"]),
    },
    data: text(row["data"]),
    rev,
    expiresAtSeconds: row["expires_at"] === null ? null : integer(row["expires_at"]),
    handle: rev,
  };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
