import type { Ports } from "#shared/function";
import { store, type Store } from "#shared/state";
import * as z from "zod";

/** How a connection is doing, as it was last seen. */
export const Health = z.object({
  status: z.enum(["unknown", "healthy", "unhealthy"]),
  checkedAtMs: z.number().nullable(),
  /** What is wrong and what to do, where something is. */
  fault: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export type Health = z.infer<typeof Health>;

export const ConnectionRecord = z.object({
  /** Always the same: a tenant's connections are one list. */
  kind: z.literal("connection"),
  /** `<integration>/<name>`. */
  id: z.string(),
  integration: z.string(),
  name: z.string(),
  /** Counts from 1 with every change of its credentials. */
  version: z.int().min(1),
  /** Sealed credentials, each with the version that sealed it. */
  fields: z.record(z.string(), z.object({ version: z.int().min(1), sealed: z.string() })),
  config: z.record(z.string(), z.string()),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  health: Health,
});

export type ConnectionRecord = z.infer<typeof ConnectionRecord>;

/** A tenant's connections with their sealed credentials. */
export const connectionRecords = store("connections", {
  schema: ConnectionRecord,
  partition: "kind",
  sort: "id",
});

export type RecordStore = Store<ConnectionRecord, Pick<ConnectionRecord, "kind" | "id">>;

/** What is known of a connection's tokens. */
export const TokenRecord = z.object({
  /** `<integration>/<name>`. */
  connection: z.string(),
  /** What the tokens were obtained with. */
  slot: z.string(),
  /** Another one with every consent: tokens of an older one never come back. */
  epoch: z.string(),
  /** Counts the sets of tokens: who obtained one from an older set has been overtaken. */
  generation: z.int(),
  access: z.string().nullable(),
  refresh: z.string().nullable(),
  expiresAtMs: z.number().nullable(),
  /** From then on a caller replaces it. */
  renewAtMs: z.number().nullable(),
  /** Who obtains new tokens just now. Written before the vendor is asked. */
  lease: z.object({ owner: z.string(), fence: z.int(), endsAtMs: z.number() }).nullable(),
  /** Counts the leases. */
  fence: z.int(),
  /** Of the lease that obtained these tokens. */
  obtainedBy: z.int(),
  /** A refresh was begun, and nobody knows whether the vendor has carried it out. */
  interrupted: z.boolean(),
  /** Why the vendor takes none of this any longer. */
  revoked: z.string().nullable(),
});

export type TokenRecord = z.infer<typeof TokenRecord>;

/** Tokens of connections, sealed. */
export const connectionTokens = store("connection-tokens", {
  schema: TokenRecord,
  partition: "connection",
  sort: "slot",
  ttl: true,
});

export type TokenStore = Store<TokenRecord, Pick<TokenRecord, "connection" | "slot">>;

export const WrappedKey = z.object({
  id: z.string(),
  /** The data key, sealed with the master key of this name. */
  wrapped: z.string(),
  master: z.string(),
});

export type WrappedKey = z.infer<typeof WrappedKey>;

/** Each tenant's data key, wrapped. Destroying the row destroys everything that was sealed with it. */
export const dataKeys = store("data-keys", { schema: WrappedKey, partition: "id", sort: "id" });

/** The secret that wraps every tenant's data key. */
export const MASTER_KEY = "master-key";

/** A line of that secret. */
export function renderMasterKey(id: string, bytes: Uint8Array): string {
  return `${id}:${Buffer.from(bytes).toString("base64")}`;
}

/** What opening a tenant's credentials takes of a host. */
export type KeyPorts = Pick<Ports, "state" | "secrets" | "clock" | "random">;

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a connection may be called so. */
export function isConnectionName(name: string): boolean {
  return NAME.test(name);
}

/** The key of a connection's record. */
export function recordKey(
  integration: string,
  name: string,
): Pick<ConnectionRecord, "kind" | "id"> {
  return { kind: "connection", id: `${integration}/${name}` };
}
