import { Fault } from "#shared/errors";
import type { Random } from "#shared/function";
import type { History, RegisterInput, RegisterOutput } from "#shared/linearizability";
import type { Item, Items } from "./bench.ts";
import type { Entry } from "../row-codec.ts";
import type { DeleteResult, WriteResult } from "../store.ts";

export type RowHistory = History<RegisterInput, RegisterOutput>;

/** One client of a store, whose operations on the rows of shelf "a" are recorded. */
export class RecordedClient {
  readonly #name: string;
  readonly #items: Items;
  readonly #history: RowHistory;
  readonly #seen = new Map<string, Entry<Item> | undefined>();
  #made = 0;

  constructor(name: string, items: Items, history: RowHistory) {
    this.#name = name;
    this.#items = items;
    this.#history = history;
  }

  /** Does one operation of some kind on a row. Writes are based on what this client last read there. */
  async act(id: string, random: Pick<Random, "next">): Promise<void> {
    const chance = random.next();
    const seen = this.#seen.get(id);
    if (chance < 0.35) return this.read(id);
    if (chance < 0.45) return this.#remove(id, seen);
    if (chance < 0.55) return this.#write(id);
    return seen === undefined ? this.create(id) : this.#replace(id, seen);
  }

  /** Reads a row, and keeps it in mind. */
  async read(id: string): Promise<void> {
    await this.#history.record(id, { kind: "read" }, async () => {
      const entry = await attempted(this.#items.get({ shelf: "a", id }));
      if (entry === "unknown" || entry === "not-done") return "not-done";
      this.#seen.set(id, entry);
      return { kind: "shown", mark: entry?.value.text ?? "" };
    });
  }

  async create(id: string): Promise<void> {
    const value = this.#value(id);
    const input = { kind: "create", mark: value.text } as const;
    await this.#history.record(id, input, () => outcome(this.#items.create(value)));
  }

  async #write(id: string): Promise<void> {
    const value = this.#value(id);
    const input = { kind: "write", mark: value.text } as const;
    const put = (): Promise<WriteResult<Item>> => this.#items.put(value, { ifRev: "any" });
    await this.#history.record(id, input, () => outcome(put()));
  }

  // Every other replacement goes through a transaction.
  async #replace(id: string, { rev, value: { text: based = "" } }: Entry<Item>): Promise<void> {
    const value = this.#value(id);
    const input = { kind: "replace", mark: value.text, based } as const;
    const ops = [{ kind: "put", value, ifRev: rev }] as const;
    await this.#history.record(id, input, () =>
      outcome(
        this.#made % 2 === 0
          ? this.#items.put(value, { ifRev: rev })
          : this.#items.transact("a", ops),
      ),
    );
  }

  async #remove(id: string, seen: Entry<Item> | undefined): Promise<void> {
    const input = { kind: "remove", based: seen?.value.text } as const;
    const options = { ifRev: seen?.rev ?? "any" } as const;
    const remove = (): Promise<DeleteResult<Item>> =>
      this.#items.delete({ shelf: "a", id }, options);
    await this.#history.record(id, input, () => outcome(remove()));
  }

  #value(id: string): Item & { text: string } {
    this.#made += 1;
    return { shelf: "a", id, text: `${this.#name}-${this.#made}`, data: null };
  }
}

// The row that a refusal shows may be read after it, so it is no part of the same moment.
async function outcome(
  writing: Promise<{ readonly ok: boolean }>,
): Promise<RegisterOutput | "unknown" | "not-done"> {
  const result = await attempted(writing);
  if (typeof result === "string") return result;
  return result.ok ? { kind: "done" } : { kind: "refused" };
}

/** The result, or what a failure that faults explain says of the outcome. */
export async function attempted<T>(running: Promise<T>): Promise<T | "unknown" | "not-done"> {
  try {
    return await running;
  } catch (error) {
    if (!Fault.is(error) || !explained.has(error.code)) throw error;
    return error.details["outcome"] === "unknown" ? "unknown" : "not-done";
  }
}

const explained: ReadonlySet<string> = new Set(["unavailable", "resource_exhausted", "aborted"]);
