import type { StateKey, StateRow, StateWrite } from "#shared/state";
import * as z from "zod";

/** A property holds at most 64 KiB: https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model */
const CHUNK_BYTES = 60 * 1024;

/** Our part of an entity; the data follows as `d0`, `d1`, and so on. */
const Entity = z.looseObject({
  rowKey: z.string(),
  etag: z.string(),
  rev: z.string(),
  expiresAtSeconds: z.bigint().optional(),
});

/** The partition of a row. It names the store too: two stores may share a table. */
export function physicalPartition({
  store,
  partition,
}: Pick<StateKey, "store" | "partition">): string {
  return `${store}~~${partition}`;
}

/** The address of a row in its table. */
export function addressOf(key: StateKey): { partitionKey: string; rowKey: string } {
  return { partitionKey: physicalPartition(key), rowKey: key.sort };
}

/** A row as an entity. Text is stored in UTF-8: as a string property every character would take two bytes. */
export function encodeEntity({
  key,
  data,
  rev,
  expiresAtSeconds,
}: Extract<StateWrite, { kind: "put" }>): ReturnType<typeof addressOf> & Record<string, unknown> {
  const bytes = Buffer.from(data);
  const chunks: Record<string, Uint8Array> = {};
  for (let start = 0, index = 0; start < bytes.length; start += CHUNK_BYTES, index += 1) {
    chunks[`d${index}`] = bytes.subarray(start, start + CHUNK_BYTES);
  }
  // A 64-bit integer, so that whoever sweeps up can filter by it past 2038; a number would become a double.
  const expiry = expiresAtSeconds === null ? {} : { expiresAtSeconds: BigInt(expiresAtSeconds) };
  return { ...addressOf(key), ...chunks, rev, ...expiry };
}

/** Reads what {@link encodeEntity} wrote. Throws for an entity that is none of ours. */
export function decodeEntity(at: Pick<StateKey, "store" | "partition">, entity: unknown): StateRow {
  const { rowKey, etag, rev, expiresAtSeconds, ...rest } = Entity.parse(entity);
  const chunks: Uint8Array[] = [];
  for (let chunk = rest["d0"]; chunk instanceof Uint8Array; chunk = rest[`d${chunks.length}`]) {
    chunks.push(chunk);
  }
  return {
    key: { store: at.store, partition: at.partition, sort: rowKey },
    data: Buffer.concat(chunks).toString(),
    rev,
    expiresAtSeconds: expiresAtSeconds === undefined ? null : Number(expiresAtSeconds),
    handle: etag,
  };
}
