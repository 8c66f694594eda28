import { createHmac } from "node:crypto";
import type { ClientScope } from "#shared/function";
import { Redacted } from "#shared/secrets";
import { type DataKey, readDataKey } from "./data-keys.ts";
import type { KeyPorts } from "./records.ts";
import { seal, unseal } from "./seal.ts";

/** Where a credential lies. Sealed there, it opens nowhere else. */
export type Place = {
  readonly integration: string;
  readonly connection: string;
  readonly field: string;
  readonly version: number;
};

/** Seals and opens a tenant's credentials. */
export type KeyRing = {
  seal(place: Place, value: Redacted): string;
  /** Throws `failed_precondition` from `platform` for what was not sealed here. */
  open(place: Place, sealed: string): Redacted;
  /** A name for a text that tells nothing about it. */
  digest(text: string): string;
};

/** Opens the tenant's key ring. Throws as `readDataKey`. */
export async function openKeyRing(ports: KeyPorts, scope: ClientScope): Promise<KeyRing> {
  const key: DataKey = await readDataKey(ports, scope);
  const boundTo = ({ integration, connection, field, version }: Place) =>
    [scope.tenant, integration, connection, field, version] as const;
  return {
    seal: (place, value) =>
      `${key.id}.${seal(key.key, boundTo(place), value.reveal(), ports.random)}`,
    open(place, sealed) {
      const text = sealed.slice(sealed.indexOf(".") + 1);
      return new Redacted(unseal(key.key, boundTo(place), text).toString("utf8"));
    },
    digest: (text) => createHmac("sha256", key.key).update(text).digest("hex").slice(0, 32),
  };
}
