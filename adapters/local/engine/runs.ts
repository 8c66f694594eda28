import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Run, RunPage } from "#shared/console";
import { integer, text } from "./database.ts";
import type { Costs } from "./costs.ts";
import type { GroupCommit } from "./group-commit.ts";

export type RunFilter = {
  readonly event?: string | undefined;
  readonly function?: string | undefined;
  readonly status?: string | undefined;
  /** The cursor of the page before: the id of its last run. */
  readonly before?: string | undefined;
  readonly limit: number;
};

/** The newest that are kept, and how often the rest is deleted. */
const KEPT = 200_000;
const PRUNE_EVERY = 500;

/** What ran where. */
export class Runs {
  readonly #db: DatabaseSync;
  readonly #writer: GroupCommit;
  readonly #upsert: StatementSync;
  readonly #one: StatementSync;
  readonly #prune: StatementSync;
  readonly #kept: number;
  readonly #costs: Costs;
  #recorded = 0;

  constructor(db: DatabaseSync, writer: GroupCommit, costs: Costs, kept: number = KEPT) {
    this.#db = db;
    this.#writer = writer;
    this.#kept = kept;
    this.#costs = costs;
    this.#upsert = db.prepare(
      `INSERT INTO runs (id, function, status, event, data) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, event = excluded.event, data = excluded.data`,
    );
    this.#one = db.prepare("SELECT data FROM runs WHERE id = ?");
    this.#prune = db.prepare("DELETE FROM runs WHERE seq <= (SELECT max(seq) FROM runs) - ?");
  }

  /**
   * Records a run, or replaces the record of the same id, with the next commit. Nobody waits for it: a run that cannot
   * be recorded must not fail what it tells of.
   */
  record(run: Run): void {
    this.#writer.apply(() => this.#write(run)).catch(() => undefined);
  }

  /** The runs that meet all given conditions, newest first. */
  page(filter: RunFilter): RunPage {
    const conditions = ["seq < ?"];
    const values: (string | number)[] = [this.#before(filter.before)];
    for (const column of ["event", "function", "status"] as const) {
      const value = filter[column];
      if (value === undefined) continue;
      conditions.push(`${column} = ?`);
      values.push(value);
    }
    const where = conditions.join(" AND ");
    const rows = this.#db
      .prepare(`SELECT data FROM runs WHERE ${where} ORDER BY seq DESC LIMIT ?`)
      .all(...values, filter.limit + 1);
    const items = rows.slice(0, filter.limit).map(runOf);
    const more = rows.length > filter.limit;
    return { items, cursor: more ? (items.at(-1)?.id ?? null) : null };
  }

  /** One run by its id. */
  get(id: string): Run | undefined {
    const row = this.#one.get(id);
    return row === undefined ? undefined : runOf(row);
  }

  // A run that is no longer kept has nothing before it.
  #before(id: string | undefined): number {
    if (id === undefined) return Number.MAX_SAFE_INTEGER;
    const row = this.#db.prepare("SELECT seq FROM runs WHERE id = ?").get(id);
    return row === undefined ? 0 : integer(row["seq"]);
  }

  #write(run: Run): void {
    this.#upsert.run(run.id, run.function, run.status, run.event, JSON.stringify(run));
    this.#costs.add(run);
    this.#recorded += 1;
    if (this.#recorded % PRUNE_EVERY === 0) this.#prune.run(this.#kept);
  }
}

// Only `record` writes this column.
function runOf(row: Record<string, SQLOutputValue>): Run {
  const run: Run = JSON.parse(text(row["data"]));
  return run;
}
