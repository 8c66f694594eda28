import type { DatabaseSync, StatementSync } from "node:sqlite";
import { text } from "./database.ts";
import type { GroupCommit } from "./group-commit.ts";

/** Small facts that the product keeps about itself between starts. */
export class Meta {
  readonly #writer: GroupCommit;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;

  constructor(db: DatabaseSync, writer: GroupCommit) {
    this.#writer = writer;
    this.#select = db.prepare("SELECT value FROM meta WHERE key = ?");
    this.#upsert = db.prepare(
      "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
  }

  get(key: string): string | undefined {
    const row = this.#select.get(key);
    return row === undefined ? undefined : text(row["value"]);
  }

  /** The value of a key, made now if there is none yet; durable when it resolves. */
  getOrMake(key: string, make: () => string): Promise<string> {
    return this.#writer.apply(() => {
      const known = this.get(key);
      if (known !== undefined) return known;
      const made = make();
      this.#upsert.run(key, made);
      return made;
    });
  }

  set(key: string, value: string): Promise<void> {
    return this.#writer.apply(() => void this.#upsert.run(key, value));
  }
}
