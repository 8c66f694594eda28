import type { Credentials } from "#shared/auth";
import type { ClientScope } from "#shared/function";
import { Redacted } from "#shared/secrets";
import { openStore } from "#shared/state";
import type { KeyRing } from "./key-ring.ts";
import { loadSealing } from "./load-sealing.ts";
import { type ConnectionRecord, connectionRecords, type KeyPorts, recordKey } from "./records.ts";

/**
 * What a tenant has stored of a connection, by field and opened: credentials and settings alike. `undefined` where no
 * such connection was created. Throws as `readDataKey`.
 */
export async function readStored(
  ports: KeyPorts,
  scope: ClientScope,
  integration: string,
  name: string,
): Promise<Credentials | undefined> {
  const entry = await openStore(connectionRecords, ports, scope).get(recordKey(integration, name));
  if (entry === undefined) return undefined;
  const record = entry.value;
  if (Object.keys(record.fields).length === 0) return openRecord(record, undefined);
  const { openKeyRing } = await loadSealing();
  return openRecord(record, await openKeyRing(ports, scope));
}

/** The credentials and settings of a record. */
function openRecord(record: ConnectionRecord, keys: KeyRing | undefined): Credentials {
  const { integration, name: connection, config, fields } = record;
  const opened: [string, Redacted][] = [];
  for (const [field, { version, sealed }] of Object.entries(fields)) {
    const secret = keys?.open({ integration, connection, field, version }, sealed);
    if (secret !== undefined) opened.push([field, secret]);
  }
  return new Map([
    ...Object.entries(config).map(([field, value]) => [field, new Redacted(value)] as const),
    ...opened,
  ]);
}
