import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { type Code, Fault } from "#shared/errors";

/** What each version of the tables adds to the one before it. */
const migrations = [
  `
CREATE TABLE state (
  store TEXT NOT NULL, partition TEXT NOT NULL, sort TEXT NOT NULL,
  data TEXT NOT NULL, rev TEXT NOT NULL, expires_at INTEGER,
  UNIQUE (store, partition, sort)
) STRICT;
CREATE INDEX state_by_expiry ON state (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue TEXT NOT NULL, body TEXT NOT NULL, home TEXT NOT NULL,
  visible_at_ms INTEGER NOT NULL, leased INTEGER NOT NULL DEFAULT 0,
  receive_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX messages_by_visibility ON messages (queue, visible_at_ms, id);
CREATE TABLE slots (
  schedule TEXT NOT NULL, slot_ms INTEGER NOT NULL, PRIMARY KEY (schedule, slot_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  function TEXT NOT NULL, status TEXT NOT NULL, event TEXT, data TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_event ON runs (event, seq) WHERE event IS NOT NULL;
CREATE INDEX runs_by_function ON runs (function, seq);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
  `
CREATE TABLE costs (
  month TEXT NOT NULL, runtime TEXT NOT NULL, function TEXT NOT NULL,
  calls INTEGER NOT NULL, gb_seconds REAL NOT NULL, vcpu_seconds REAL NOT NULL,
  egress_bytes INTEGER NOT NULL, usd REAL NOT NULL,
  PRIMARY KEY (month, runtime, function)
) STRICT, WITHOUT ROWID;
`,
  // The old sums had one price for all their units; it stays on the seconds.
  `
CREATE TABLE receipt_lines (
  month TEXT NOT NULL, tenant TEXT NOT NULL, runtime TEXT NOT NULL, function TEXT NOT NULL,
  kind TEXT NOT NULL, product TEXT NOT NULL,
  units REAL NOT NULL, pico_usd INTEGER NOT NULL, estimated INTEGER NOT NULL,
  PRIMARY KEY (month, tenant, runtime, function, kind, product)
) STRICT, WITHOUT ROWID;
INSERT INTO receipt_lines
  SELECT month, 'default', runtime, function, 'requests', runtime, calls, 0, 0 FROM costs
  UNION ALL SELECT month, 'default', runtime, function, 'gbSeconds', runtime, gb_seconds, CAST(round(usd * 1e12) AS INTEGER), 0 FROM costs
  UNION ALL SELECT month, 'default', runtime, function, 'vcpuSeconds', runtime, vcpu_seconds, 0, 0 FROM costs
  UNION ALL SELECT month, 'default', runtime, function, 'egressBytes', runtime, egress_bytes, 0, 0 FROM costs;
DROP TABLE costs;
`,
  "ALTER TABLE messages ADD COLUMN placement TEXT;",
];

/**
 * Opens the database for this process alone, making its tables at first use. A commit returns after its bytes have
 * reached the disk: write-ahead log with synchronous FULL (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * Throws `failed_precondition` when another process owns the file or a newer version wrote it.
 */
export function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    // Exclusive from the first access on, which also keeps the index of the log in memory.
    db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000");
    db.exec("BEGIN IMMEDIATE");
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.exec(`PRAGMA user_version = ${Math.max(version, migrations.length)}`);
    db.exec("COMMIT");
    if (version <= migrations.length) return db;
    throw new Fault(
      "failed_precondition",
      `engine.open: the data was written by a newer version (${version}); update, or choose another data folder`,
    );
  } catch (thrown) {
    db.close();
    throw codeOfSqlite(thrown) === "unavailable" ? owned(thrown) : thrown;
  }
}

function owned(cause: unknown): Fault {
  return new Fault(
    "failed_precondition",
    "engine.open: another process owns the data folder; stop it or choose another with AUTERITY_DATA",
    { origin: "platform", cause },
  );
}

// Primary result codes: https://www.sqlite.org/rescode.html
const sqliteCodes: Readonly<Record<number, Code>> = {
  5: "unavailable", // SQLITE_BUSY
  6: "unavailable", // SQLITE_LOCKED
  10: "unavailable", // SQLITE_IOERR
  13: "resource_exhausted", // SQLITE_FULL
};

/** After these the file cannot be trusted to take another write: I/O error, corrupt, not a database. */
const fatal: ReadonlySet<number> = new Set([10, 11, 26]);

/** Category of an error of node:sqlite; a Fault has its own. */
export function codeOfSqlite(error: unknown): Code | undefined {
  if (Fault.is(error)) return error.code;
  return sqliteCodes[primaryCode(error)];
}

/** True for an error after which writing must stop. */
export function isFatal(error: unknown): boolean {
  return fatal.has(primaryCode(error));
}

function primaryCode(error: unknown): number {
  const errcode: unknown = error instanceof Error ? Reflect.get(error, "errcode") : undefined;
  return typeof errcode === "number" ? errcode & 0xff : -1;
}

/** A text column; the schema is strict, so anything else is a defect. */
export function text(value: SQLOutputValue | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError(`expected a text column, got ${typeof value}`);
}

/** An integer column. */
export function integer(value: SQLOutputValue | undefined): number {
  if (typeof value === "number") return value;
  throw new TypeError(`expected an integer column, got ${typeof value}`);
}
