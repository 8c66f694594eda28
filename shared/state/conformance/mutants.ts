import { overlay } from "#shared/faults";
import type { Mutant } from "#shared/testing";
import type { StateDriver, StateKey, StateRow, StateWrite } from "../driver.ts";

type Changed = Partial<Pick<StateDriver, "read" | "write" | "transact" | "list">>;

/** Defects that drivers of stores have had, here and elsewhere. */
export const stateMutants: readonly Mutant<StateDriver>[] = [
  mutant("drops the condition of a write", ["S01", "S02", "S03"], (driver) => ({
    write: (write, signal) => driver.write(unconditional(write), signal),
  })),
  mutant("drops the conditions of a transaction", ["S12", "S30"], (driver) => ({
    transact: (writes, signal) => driver.transact(writes.map(unconditional), signal),
  })),
  mutant("writes a transaction row by row", ["S12"], (driver) => ({
    async transact(writes, signal) {
      const results = [];
      for (const write of writes) results.push(await driver.write(write, signal));
      const failedAt = results.findIndex(({ ok }) => !ok);
      const handles = results.map((result) => (result.ok ? result.handle : ""));
      return failedAt === -1 ? { ok: true, handles } : { ok: false, failedAt };
    },
  })),
  mutant("ignores the expiry of a row", ["S04", "S05", "S22"], (driver) => ({
    write: (write, signal) => driver.write(lasting(write), signal),
    transact: (writes, signal) => driver.transact(writes.map(lasting), signal),
  })),
  mutant("takes an expired row for a live one", ["S04", "S05", "S31"], (driver) => ({
    write: (write, signal) => driver.write(blindToExpiry(write), signal),
  })),
  mutant("lists in another order", ["S08", "S09"], (driver) => ({
    list: async (range, signal) => (await driver.list(range, signal)).toReversed(),
  })),
  mutant("lists every page from the beginning", ["S09", "S22"], (driver) => ({
    list: (range, signal) => driver.list({ ...range, after: undefined }, signal),
  })),
  mutant("swallows errors", ["S33"], (driver) => ({
    read: (...call) => driver.read(...call).catch(() => undefined),
    write: (...call) => driver.write(...call).catch(() => ({ ok: true, handle: "" })),
    list: (...call) => driver.list(...call).catch(() => []),
  })),
  mutant("does not show what a write met", ["S01", "S02"], (driver) => ({
    async write(write, signal) {
      const result = await driver.write(write, signal);
      return result.ok ? result : { ok: false, current: undefined };
    },
  })),
  mutant("keeps what it deletes", ["S02"], (driver) => ({
    write: async (write, signal) =>
      write.kind === "delete" ? { ok: true, handle: "" } : driver.write(write, signal),
  })),
  mutant("shows what it showed before", ["S02", "S17"], staleReads),
  mutant("mixes up partitions", ["S23"], (driver) => ({
    read: (key, signal) => driver.read(inOnePartition(key), signal),
    write: (write, signal) => driver.write({ ...write, key: inOnePartition(write.key) }, signal),
  })),
];

function mutant(
  defect: string,
  caughtBy: readonly string[],
  change: (driver: StateDriver) => Changed,
): Mutant<StateDriver> {
  return { defect, caughtBy, wrap: (driver) => overlay(driver, change(driver)) };
}

function unconditional(write: StateWrite): StateWrite {
  return { ...write, condition: { kind: "any" } };
}

function lasting(write: StateWrite): StateWrite {
  return write.kind === "put" ? { ...write, expiresAtSeconds: null } : write;
}

function blindToExpiry(write: StateWrite): StateWrite {
  if (write.condition.kind !== "absent") return write;
  return { ...write, condition: { kind: "absent", nowSeconds: 0 } };
}

function staleReads(driver: StateDriver): Changed {
  const shown = new Map<string, StateRow | undefined>();
  return {
    async read(key, signal) {
      const asked = JSON.stringify(key);
      if (!shown.has(asked)) shown.set(asked, await driver.read(key, signal));
      return shown.get(asked);
    },
  };
}

function inOnePartition(key: StateKey): StateKey {
  return { ...key, partition: `mixed-${process.pid}` };
}
