import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Fault } from "#shared/errors";
import { isFatal } from "./database.ts";

type Pending = {
  /** Does the work and gives what tells the caller of it. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
};

/** Bounds how long one transaction keeps the event loop. */
const MAX_GROUP = 512;

/**
 * Puts all writes that arrive in one turn of the event loop into one transaction, so that they share the one wait for
 * the disk. A promise resolves only after COMMIT has returned. A write that throws fails alone; a COMMIT that throws
 * fails all of its group, and after an I/O error every later write too: nobody knows what the file holds then.
 */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #pending: Pending[] = [];
  #scheduled = false;
  #broken: Fault | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
  }

  /** Runs a synchronous piece of work inside the next transaction. It checks first and writes last. */
  apply<T>(work: () => T): Promise<T> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const run = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      this.#pending.push({ run, reject });
      this.#schedule();
    });
  }

  /** Commits what waits and refuses everything after. */
  close(): void {
    while (this.#pending.length > 0) this.#flush();
    this.#broken ??= new Fault("unavailable", "engine.write: the engine is closed; start again", {
      origin: "platform",
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
      if (this.#pending.length > 0) this.#schedule();
    });
  }

  #flush(): void {
    const group = this.#pending.slice(0, MAX_GROUP);
    this.#pending = this.#pending.slice(MAX_GROUP);
    if (group.length === 0) return;
    try {
      this.#begin.run();
      const tell = group.map((pending) => this.#attempt(pending));
      this.#commit.run();
      for (const one of tell) one();
    } catch (thrown) {
      this.#fail(group, thrown);
    }
  }

  #attempt({ run, reject }: Pending): () => void {
    try {
      return run();
    } catch (thrown) {
      // SQLite itself ends the transaction on some errors (a full disk): then the group has failed with it.
      if (!this.#db.isTransaction) throw thrown;
      return () => reject(thrown);
    }
  }

  #fail(group: readonly Pending[], thrown: unknown): void {
    if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
    if (isFatal(thrown)) {
      this.#broken = new Fault(
        "unavailable",
        "engine.write: the disk failed, so writing has stopped; check it and start again",
        { origin: "platform", cause: thrown },
      );
      for (const { reject } of this.#pending.splice(0)) reject(this.#broken);
    }
    for (const { reject } of group) reject(thrown);
  }
}
