import type { StateDriver, StateKey, StateRow, StateWrite } from "#shared/state";
import * as z from "zod";
import { writtenAtMs } from "./version.ts";

/** Rows of ours sort behind all others: no escaped key begins with two tildes. */
export const RESERVED = "~~";

/** Partitions of ours; another's begins with a tenant. */
const PARTITIONS = "~~~partitions";
const WAITING = "~~~waiting";
/** No invocation that wrote before lives on so long (15 minutes at most). */
const FORGET_AFTER_MS = 3_600_000;
/** How long a writer relies on having entered a partition. */
const TRUST_MS = 60_000;
const PAGE = 100;

/** Which rows of a partition a peer has not got yet. */
const Contents = z.object({ sorts: z.array(z.string()), atMs: z.number() });

export type Parcel = z.infer<typeof Contents> & { readonly key: StateKey };

/** The row that asks for some rows of its partition to be sent to a peer; it is written in their transaction. */
export function parcelFor(
  peer: string,
  { store, partition }: StateKey,
  parcel: { readonly rev: string; readonly sorts: readonly string[]; readonly atMs: number },
): StateWrite {
  const { rev, sorts, atMs } = parcel;
  return {
    kind: "put",
    key: { store, partition, sort: `${prefixOf(peer)}${rev}` },
    data: JSON.stringify({ sorts, atMs }),
    rev,
    expiresAtSeconds: null,
    condition: { kind: "any" },
  };
}

/** What waits in one partition for a peer, oldest first. */
export async function parcelsFor(
  driver: StateDriver,
  peer: string,
  { store, partition }: Pick<StateKey, "store" | "partition">,
  limit: number,
): Promise<Parcel[]> {
  const from = prefixOf(peer);
  const range = { store, partition, from, to: `${from}~`, limit, descending: false };
  const rows = await driver.list({ ...range, after: undefined }, undefined);
  return rows.map(({ key, data }) => {
    const { sorts, atMs } = Contents.parse(JSON.parse(data));
    return { key, sorts, atMs };
  });
}

function prefixOf(peer: string): string {
  return `${RESERVED}out~${peer}~`;
}

export type Waiting = {
  readonly partition: string;
  /** Whether nobody has entered it for so long that nobody relies on having done so. */
  readonly isQuiet: (nowMs: number) => boolean;
  /** Takes it from the list, unless it is entered meanwhile. */
  readonly forget: () => Promise<void>;
};

/**
 * The partitions of a store, since no cloud can list them: all of them, and those in which something may wait. A
 * partition is entered before it is written to, so that nothing waits where nobody looks.
 */
export class Directory {
  readonly #driver: StateDriver;
  readonly #entered = new Map<string, number>();

  constructor(driver: StateDriver) {
    this.#driver = driver;
  }

  /** Before a write that leaves something to be sent. `rev` is the writer's. */
  async enter(key: StateKey, rev: string, nowMs: number): Promise<void> {
    await this.know(key, rev, nowMs);
    await this.#enter(WAITING, key, rev, nowMs);
  }

  /** Before any other write of a replicated row. */
  know(key: StateKey, rev: string, nowMs: number): Promise<void> {
    return this.#enter(PARTITIONS, key, rev, nowMs);
  }

  /** Every partition that was ever written to. */
  async *all(store: string): AsyncGenerator<string> {
    for await (const { key } of this.#each(store, PARTITIONS)) yield key.sort;
  }

  /** Partitions in which something may wait. */
  async *waiting(store: string): AsyncGenerator<Waiting> {
    for await (const { key, rev, handle } of this.#each(store, WAITING)) {
      const condition = { kind: "handle", handle } as const;
      yield {
        partition: key.sort,
        isQuiet: (nowMs) => nowMs - writtenAtMs(rev) > FORGET_AFTER_MS,
        forget: async () =>
          void (await this.#driver.write({ kind: "delete", key, condition }, undefined)),
      };
    }
  }

  async #enter(
    list: string,
    { store, partition }: StateKey,
    rev: string,
    nowMs: number,
  ): Promise<void> {
    const name = `${list} ${store} ${partition}`;
    if (nowMs - (this.#entered.get(name) ?? -TRUST_MS) < TRUST_MS) return;
    const key = { store, partition: list, sort: partition };
    const row = { data: "{}", rev, expiresAtSeconds: null, condition: { kind: "any" } } as const;
    await this.#driver.write({ kind: "put", key, ...row }, undefined);
    this.#entered.set(name, nowMs);
  }

  async *#each(store: string, partition: string): AsyncGenerator<StateRow> {
    const range = { store, partition, from: "", to: undefined, limit: PAGE, descending: false };
    let after: string | undefined;
    for (;;) {
      const rows = await this.#driver.list({ ...range, after }, undefined);
      yield* rows;
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.key.sort;
    }
  }
}
