import type { Credentials } from "#shared/auth";
import type { ClientScope } from "#shared/function";
import { Redacted } from "#shared/secrets";
import { openStore } from "#shared/state";
import type { KeyPorts } from "./data-keys.ts";
import { type KeyRing, openKeyRing } from "./key-ring.ts";
import { type ConnectionRecord, connectionRecords, recordKey } from "./records.ts";

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
  const sealed = Object.keys(record.fields).length > 0;
  const keys = sealed ? await openKeyRing(ports, scope) : undefined;
  return openRecord(record, keys);
}

/** The credentials and settings of a record. */
export function openRecord(record: ConnectionRecord, keys: KeyRing | undefined): Credentials {
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
