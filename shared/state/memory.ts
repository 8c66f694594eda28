import type { StateDriver, StateKey, StateRange, StateRow, StateWrite } from "./driver.ts";
import { holds } from "./rows.ts";

/** Reference driver: what the conformance suite means, in memory. */
export function memoryState(): StateDriver {
  const rows = new Map<string, StateRow>();
  const apply = (write: StateWrite): string => {
    if (write.kind === "delete") {
      rows.delete(address(write.key));
      return "";
    }
    const { key, data, rev, expiresAtSeconds } = write;
    rows.set(address(key), { key: { ...key }, data, rev, expiresAtSeconds, handle: rev });
    return rev;
  };
  return {
    name: "memory",
    async read(key, signal) {
      signal?.throwIfAborted();
      return rows.get(address(key));
    },
    async write(write, signal) {
      signal?.throwIfAborted();
      const current = rows.get(address(write.key));
      if (!holds(write.condition, current)) return { ok: false, current };
      return { ok: true, handle: apply(write) };
    },
    async transact(writes, signal) {
      signal?.throwIfAborted();
      const failedAt = writes.findIndex(
        ({ key, condition }) => !holds(condition, rows.get(address(key))),
      );
      return failedAt === -1 ? { ok: true, handles: writes.map(apply) } : { ok: false, failedAt };
    },
    async list(range, signal) {
      signal?.throwIfAborted();
      const found = [...rows.values()].filter((row) => within(range, row.key));
      found.sort((a, b) => (a.key.sort < b.key.sort ? -1 : 1));
      if (range.descending) found.reverse();
      return found.slice(0, range.limit);
    },
    codeOf: () => undefined,
    async close() {},
  };
}

// Escaped keys hold no space.
function address({ store, partition, sort }: StateKey): string {
  return `${store} ${partition} ${sort}`;
}

function within(range: StateRange, { store, partition, sort }: StateKey): boolean {
  if (store !== range.store || partition !== range.partition) return false;
  if (sort < range.from || (range.to !== undefined && sort >= range.to)) return false;
  if (range.after === undefined) return true;
  return range.descending ? sort < range.after : sort > range.after;
}
