import type { DatabaseSync, StatementSync } from "node:sqlite";
import { integer } from "./database.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Slots older than this before the newest are forgotten and can no longer be claimed. */
const KEPT_MS = 30 * 86_400_000;

/** Which slots of which schedule were claimed: each once, whoever asks. */
export class Slots {
  readonly #writer: GroupCommit;
  readonly #insert: StatementSync;
  readonly #last: StatementSync;
  readonly #prune: StatementSync;

  constructor(db: DatabaseSync, writer: GroupCommit) {
    this.#writer = writer;
    this.#insert = db.prepare("INSERT OR IGNORE INTO slots (schedule, slot_ms) VALUES (?, ?)");
    this.#last = db.prepare("SELECT max(slot_ms) AS last FROM slots WHERE schedule = ?");
    this.#prune = db.prepare("DELETE FROM slots WHERE schedule = ? AND slot_ms < ?");
  }

  /** True for the first claim of a slot and for no other. */
  claim(schedule: string, slotMs: number): Promise<boolean> {
    return this.#writer.apply(() => {
      const last = this.last(schedule) ?? slotMs;
      if (slotMs < last - KEPT_MS) return false;
      this.#prune.run(schedule, last - KEPT_MS);
      return this.#insert.run(schedule, slotMs).changes === 1;
    });
  }

  /** The newest slot that was claimed. */
  last(schedule: string): number | undefined {
    const last = this.#last.get(schedule)?.["last"];
    return last === null ? undefined : integer(last);
  }
}
