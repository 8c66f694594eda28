import { missingField, readConfig } from "#shared/auth";
import {
  type ConnectionRecord,
  isConnectionName,
  type KeyRing,
  recordKey,
} from "#shared/connections";
import { Fault } from "#shared/errors";
import { fieldNames } from "#shared/integration";
import { Redacted } from "#shared/secrets";
import { record } from "./audit.ts";
import { type Desk, keysOf, type Named, noSuchConnection } from "./desk.ts";
import type { CredentialsInput } from "./credentials-input.ts";

const unknown: ConnectionRecord["health"] = { status: "unknown", checkedAtMs: null, fault: null };

/** Stores a new connection. Throws `already_exists` and, for a name that is none, `invalid_argument` from `caller`. */
export async function createConnection(
  desk: Desk,
  { integration, name }: Named,
  given: CredentialsInput,
): Promise<ConnectionRecord> {
  if (!isConnectionName(name)) throw noName();
  const key = recordKey(integration.id, name);
  if ((await desk.records.get(key)) !== undefined) throw taken(integration.id, name);
  await checkComplete(desk, { integration, name }, given);
  const nowMs = desk.ctx.clock.now();
  const empty: ConnectionRecord = {
    ...key,
    integration: integration.id,
    name,
    version: 1,
    fields: {},
    config: given.config,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    health: unknown,
  };
  const row = { ...empty, fields: sealFields(await keysOf(desk), empty, given.fields) };
  const { id } = row;
  await record(desk, {
    connection: id,
    what: "created",
    fields: Object.keys(given.fields),
  });
  const created = await desk.records.create(row);
  if (created.ok) return row;
  throw taken(integration.id, name);
}

/**
 * Replaces the credentials and settings that are given; the others stay. A webhook secret that is replaced stays valid
 * as `<field>-previous`. Throws `not_found` from `caller` for a connection that was not created.
 */
export async function rotateConnection(
  desk: Desk,
  named: Named,
  given: CredentialsInput,
): Promise<ConnectionRecord> {
  const { integration, name } = named;
  const keys = await keysOf(desk);
  const key = recordKey(integration.id, name);
  if ((await desk.records.get(key)) === undefined) throw noSuchConnection(named);
  const fields = Object.keys(given.fields);
  await record(desk, { connection: key.id, what: "rotated", fields });
  const updated = await desk.records.update(key, (current) => {
    if (current === undefined) return undefined;
    const next: ConnectionRecord = {
      ...current,
      version: current.version + 1,
      updatedAtMs: desk.ctx.clock.now(),
      config: { ...current.config, ...given.config },
      health: unknown,
    };
    const kept = previousWebhookSecret(keys, named, current, given);
    const sealed = sealFields(keys, next, { ...kept, ...given.fields });
    return { ...next, fields: { ...current.fields, ...sealed } };
  });
  if (updated === undefined) throw noSuchConnection(named);
  return updated.value;
}

/** Deletes a connection with its credentials and tokens. True if there was one. */
export async function deleteConnection(desk: Desk, { integration, name }: Named): Promise<boolean> {
  const key = recordKey(integration.id, name);
  const entry = await desk.records.get(key);
  if (entry === undefined) return false;
  await record(desk, { connection: key.id, what: "deleted", fields: [] });
  // First the record: without it no call obtains another token.
  await desk.records.delete(key, { ifRev: "any" });
  const tokens = await desk.tokens.list(key.id, { limit: 1_000 });
  for (const { value } of tokens.items) {
    await desk.tokens.delete({ connection: key.id, slot: value.slot }, { ifRev: "any" });
  }
  return true;
}

function sealFields(
  keys: KeyRing,
  { integration, name: connection, version }: ConnectionRecord,
  given: Readonly<Record<string, string>>,
): ConnectionRecord["fields"] {
  const sealed = Object.entries(given).map(([field, value]) => {
    const place = { integration, connection, field, version };
    return [field, { version, sealed: keys.seal(place, new Redacted(value)) }] as const;
  });
  return Object.fromEntries(sealed);
}

/** The vendor signs with the old secret until it has been told the new one. */
function previousWebhookSecret(
  keys: KeyRing,
  { integration: { id: integration, webhooks }, name: connection }: Named,
  { fields }: ConnectionRecord,
  given: CredentialsInput,
): Readonly<Record<string, string>> {
  const field = webhooks?.secretField;
  const old = field === undefined ? undefined : fields[field];
  if (field === undefined || old === undefined || given.fields[field] === undefined) return {};
  const place = { integration, connection, field, version: old.version };
  return { [`${field}-previous`]: keys.open(place, old.sealed).reveal() };
}

/** With what is given and what the vault has, some method of authentication must have all it needs. */
async function checkComplete(
  { ctx, tenant }: Desk,
  { integration, name }: Omit<Named, "served">,
  { fields, config }: CredentialsInput,
): Promise<void> {
  const vault = await ctx.connections.read(tenant, name, fieldNames(integration), integration.id);
  const has = (field: string): boolean => fields[field] !== undefined || vault.has(field);
  const complete = integration.auth.find((method) => missingField(method, { has }) === undefined);
  if (complete !== undefined) {
    const settings = Object.keys(complete.config ?? {}).map(
      (field) => [field, config[field] ?? vault.get(field)?.reveal()] as const,
    );
    const where = { connection: `${integration.id}/${name}`, examples: false };
    readConfig(complete.config ?? {}, Object.fromEntries(settings), where);
    return;
  }
  const field = missingField(integration.auth[0], { has }) ?? "";
  throw new Fault(
    "invalid_argument",
    `connections.create: "${field}" is missing; give it, or all the fields of another method`,
    { origin: "caller", details: { field } },
  );
}

function taken(integration: string, name: string): Fault {
  return new Fault(
    "already_exists",
    `connections.create: there is a connection "${name}" of ${integration} already; rotate its credentials, or choose another name`,
    { origin: "caller" },
  );
}

function noName(): Fault {
  return new Fault(
    "invalid_argument",
    "connections.create: a connection's name has 1 to 63 lower-case letters, digits and inner hyphens; correct it",
    { origin: "caller", details: { field: "name" } },
  );
}
