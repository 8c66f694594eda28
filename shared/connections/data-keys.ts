import { Fault } from "#shared/errors";
import type { ClientScope } from "#shared/function";
import { openStore, type StateDriver } from "#shared/state";
import { type MasterKey, readMasterKeys } from "./master-key.ts";
import { dataKeys, type KeyPorts, type WrappedKey } from "./records.ts";
import { KEY_BYTES, seal, unseal } from "./seal.ts";

/** A data key in hand. */
export type DataKey = { readonly id: string; readonly key: Uint8Array };

const ID = "1";
/** Unwrapped keys of a process: tenants come from requests, and their number must not grow without bound. */
const MAX_KEYS = 1_000;

// One cache per store, not per invocation: it lives exactly as long as the driver it reads.
const unwrapped = new WeakMap<StateDriver, Map<string, DataKey & { readonly master: string }>>();

/**
 * A tenant's data key, made at its first use. It is wrapped anew when the master key has changed. Throws
 * `failed_precondition` from `platform` where the master key is missing that wraps it.
 */
export async function readDataKey(ports: KeyPorts, scope: ClientScope): Promise<DataKey> {
  const known = unwrapped.get(ports.state) ?? new Map<string, DataKey & { master: string }>();
  unwrapped.set(ports.state, known);
  let masters = await readMasterKeys(ports);
  const [current] = masters;
  const found = known.get(scope.tenant);
  if (found?.master === current.id) return found;
  const rows = openStore(dataKeys, ports, scope);
  const entry = (await rows.get({ id: ID })) ?? (await make(ports, scope, current));
  const { id, master } = entry.value;
  // Another instance may have read a newer secret already.
  if (!masters.some((one) => one.id === master)) masters = await readMasterKeys(ports, true);
  const key = unwrap(entry.value, masters, scope.tenant);
  if (master !== masters[0].id && masters[0] === current) {
    const anew = wrap(ports, current, scope.tenant, key);
    // Whoever was faster has wrapped it anew, too.
    await rows.put(anew, { ifRev: entry.rev });
  }
  const opened = { id, key, master: current.id };
  known.set(scope.tenant, opened);
  const [oldest] = known.keys();
  if (known.size > MAX_KEYS && oldest !== undefined) known.delete(oldest);
  return opened;
}

async function make(ports: KeyPorts, scope: ClientScope, master: MasterKey) {
  const rows = openStore(dataKeys, ports, scope);
  const row = wrap(ports, master, scope.tenant, ports.random.bytes(KEY_BYTES));
  const created = await rows.create(row);
  if (created.ok) return { value: row, rev: created.rev };
  if (created.current !== undefined) return created.current;
  throw new Fault("aborted", "connections.key: the data key went while it was made; try again");
}

function wrap(ports: KeyPorts, master: MasterKey, tenant: string, key: Uint8Array): WrappedKey {
  const wrapped = seal(master.key, ["data-key", tenant, ID], key, ports.random);
  return { id: ID, wrapped, master: master.id };
}

function unwrap(row: WrappedKey, masters: readonly MasterKey[], tenant: string): Uint8Array {
  const master = masters.find(({ id }) => id === row.master);
  if (master !== undefined) return unseal(master.key, ["data-key", tenant, row.id], row.wrapped);
  throw new Fault(
    "failed_precondition",
    `connections.key: the master key "${row.master}" is gone and a data key is still wrapped with it; put it back into the secret`,
    { origin: "platform", details: { master: row.master } },
  );
}
