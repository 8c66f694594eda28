import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { Fault } from "#shared/errors";
import type { Clock } from "#shared/function";
import type { OutgoingMessage, QueueDriver } from "#shared/queue";
import { codeOfSqlite, integer, text } from "./database.ts";
import type { GroupCommit } from "./group-commit.ts";
import { queueLimits } from "./answers.ts";

/** A message that somebody is working on until its lease ends. */
export type Leased = {
  /** Names this lease, not only the message: a later lease of the same message has another handle. */
  readonly handle: string;
  readonly body: string;
  /** From 1. */
  readonly receiveCount: number;
  /** The runtime on whose queue it lies: its sender's, or the one that was chosen for it. */
  readonly home: string;
  /** Why it lies there, as its sender said it. */
  readonly placement: string | undefined;
};

/** What becomes of a leased message: it is forgotten, or visible again after a time. */
export type Settle = "done" | { readonly visibleAfterMs: number };

const HANDLE = /^(\d+)\.(\d+)$/;

/** Queues of the embedded engine: one table, leases with a count, as the clouds' queues have them. */
export class Messages {
  readonly #writer: GroupCommit;
  readonly #clock: Pick<Clock, "now">;
  readonly #listeners = new Set<(queue: string) => void>();
  readonly #insert: StatementSync;
  readonly #visible: StatementSync;
  readonly #take: StatementSync;
  readonly #forget: StatementSync;
  readonly #hide: StatementSync;
  readonly #release: StatementSync;
  readonly #count: StatementSync;
  readonly #next: StatementSync;

  constructor(db: DatabaseSync, writer: GroupCommit, clock: Pick<Clock, "now">) {
    this.#writer = writer;
    this.#clock = clock;
    this.#insert = db.prepare(
      "INSERT INTO messages (queue, body, home, visible_at_ms, placement) VALUES (?, ?, ?, ?, ?)",
    );
    this.#visible = db.prepare(
      `SELECT id, body, home, placement, receive_count FROM messages
       WHERE queue = ? AND visible_at_ms <= ? ORDER BY visible_at_ms, id LIMIT ?`,
    );
    this.#take = db.prepare(
      "UPDATE messages SET visible_at_ms = ?, leased = 1, receive_count = ? WHERE id = ?",
    );
    this.#forget = db.prepare("DELETE FROM messages WHERE id = ? AND receive_count = ?");
    this.#hide = db.prepare(
      "UPDATE messages SET visible_at_ms = ?, leased = 0 WHERE id = ? AND receive_count = ?",
    );
    this.#release = db.prepare(
      "UPDATE messages SET visible_at_ms = ?, leased = 0 WHERE leased = 1",
    );
    this.#count = db.prepare("SELECT count(*) AS depth FROM messages WHERE queue = ?");
    this.#next = db.prepare("SELECT min(visible_at_ms) AS next FROM messages WHERE queue = ?");
  }

  /** The sending half for one runtime; `placement` says why its queue was chosen. */
  driver(home: string, placement?: string): QueueDriver {
    return {
      name: "sqlite",
      ...queueLimits,
      send: async (queue, messages, signal) => {
        signal?.throwIfAborted();
        await this.sendAll(
          messages.map((message) => ({ queue, ...message })),
          home,
          placement,
        );
        return messages.map(() => ({ ok: true }));
      },
      codeOf: codeOfSqlite,
      close: async () => {},
    };
  }

  /** Puts messages into their queues: all or, when it rejects, none. */
  async sendAll(
    messages: readonly (OutgoingMessage & { readonly queue: string })[],
    home: string,
    placement?: string,
  ): Promise<void> {
    await this.#writer.apply(() => {
      const nowMs = this.#clock.now();
      for (const { queue, body, delaySeconds } of messages) {
        const visibleAtMs = nowMs + delaySeconds * 1000;
        this.#insert.run(queue, body, home, visibleAtMs, placement ?? null);
      }
    });
    const queues = new Set(messages.map(({ queue }) => queue));
    for (const queue of queues) for (const listener of this.#listeners) listener(queue);
  }

  /** Takes up to `limit` visible messages, oldest first, and hides them for the time of the lease. */
  lease(queue: string, limit: number, leaseSeconds: number): Promise<readonly Leased[]> {
    return this.#writer.apply(() => {
      const nowMs = this.#clock.now();
      const rows = this.#visible.all(queue, nowMs, limit);
      return rows.map((row) => this.#lease(row, nowMs + leaseSeconds * 1000));
    });
  }

  /** False when the lease had ended and the message belongs to somebody else by now. */
  async settle(handle: string, settle: Settle): Promise<boolean> {
    const [, id, receiveCount] = HANDLE.exec(handle) ?? [];
    if (id === undefined || receiveCount === undefined) {
      throw new Fault("invalid_argument", "engine.settle: this is no handle; pass a lease's own");
    }
    const lease = [Number(id), Number(receiveCount)] as const;
    return this.#writer.apply(() => {
      const { changes } =
        settle === "done"
          ? this.#forget.run(...lease)
          : this.#hide.run(this.#clock.now() + settle.visibleAfterMs, ...lease);
      return changes === 1;
    });
  }

  /** Ends all leases: at start the only process that could have held them is dead. */
  releaseAll(): Promise<void> {
    return this.#writer.apply(() => void this.#release.run(this.#clock.now()));
  }

  /** Messages of a queue that are not done: visible, delayed and leased ones. */
  depth(queue: string): number {
    return integer(this.#count.get(queue)?.["depth"]);
  }

  /** When the next message can be leased, which may be in the past; `undefined` for an empty queue. */
  nextVisibleAtMs(queue: string): number | undefined {
    const next = this.#next.get(queue)?.["next"];
    return next === null ? undefined : integer(next);
  }

  /** Calls back with the queue whenever messages were committed to it. Gives what ends that. */
  onMessage(listener: (queue: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #lease(row: Record<string, SQLOutputValue>, untilMs: number): Leased {
    const id = integer(row["id"]);
    const receiveCount = integer(row["receive_count"]) + 1;
    this.#take.run(untilMs, receiveCount, id);
    return {
      handle: `${id}.${receiveCount}`,
      body: text(row["body"]),
      receiveCount,
      home: text(row["home"]),
      placement: row["placement"] === null ? undefined : text(row["placement"]),
    };
  }
}
