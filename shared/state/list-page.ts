import { Fault } from "#shared/errors";
import { escapeKey, prefixEnd } from "#shared/portable";
import type { StateRange, StateRow } from "./driver.ts";
import type { Entry } from "./row-codec.ts";
import type { Rows } from "./rows.ts";

/** One page; `cursor` is there exactly when more follow. */
export type Page<V> = { readonly items: readonly Entry<V>[]; readonly cursor?: string };

export type ListOptions = {
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** The cursor of the page before. It stays valid while rows come and go. */
  readonly after?: string | undefined;
  /** At most 1,000; 100 when left out. */
  readonly limit?: number;
  readonly order?: "asc" | "desc";
};

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const CURSOR = /^[A-Za-z0-9._~-]{1,400}$/;

/** Reads until the page is full or the range ends, looking one live row ahead so that the cursor never lies. */
export async function listPage<V>(
  rows: Rows,
  at: Pick<StateRange, "store" | "partition">,
  options: ListOptions,
  live: (row: StateRow) => Entry<V> | undefined,
): Promise<Page<V>> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const range = { ...at, ...bounds(options) };
  const items: Entry<V>[] = [];
  let cursor = "";
  let after = options.after;
  for (;;) {
    const wanted = limit + 1 - items.length;
    const found = await rows.list({ ...range, after, limit: wanted });
    for (const row of found) {
      const entry = live(row);
      if (entry === undefined) continue;
      if (items.length === limit) return { items, cursor };
      items.push(entry);
      cursor = row.key.sort;
    }
    if (found.length < wanted) return { items };
    after = found.at(-1)?.key.sort;
  }
}

function bounds(options: ListOptions): Omit<StateRange, "store" | "partition" | "after" | "limit"> {
  const { prefix = "", after, limit = DEFAULT_LIMIT, order } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw refused(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  if (after !== undefined && !CURSOR.test(after)) {
    throw refused("this is no cursor; pass the one of the page before");
  }
  if (!prefix.isWellFormed()) throw refused("prefix is no well-formed text; correct it");
  const from = escapeKey(prefix);
  const to = prefix === "" ? undefined : prefixEnd(from);
  return { from, to, descending: order === "desc" };
}

function refused(what: string): Fault {
  return new Fault("invalid_argument", `state.list: ${what}`, { origin: "caller" });
}
