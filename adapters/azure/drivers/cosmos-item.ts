import type { JSONObject } from "@azure/cosmos";
import type { StateKey, StateRow, StateWrite } from "#shared/state";
import * as z from "zod";

/** Our part of an item; the service adds more. */
const Item = z.object({
  id: z.string(),
  _etag: z.string(),
  data: z.string(),
  rev: z.string(),
  expiresAtSeconds: z.int().nullable(),
});

/** How long the service keeps an expired row, so that a clock that is behind ours deletes nothing alive. */
const GRACE_SECONDS = 300;

/**
 * A row as an item. The service counts its time to live from the last write and by its own clock
 * (https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live), so it only collects what has long expired.
 */
export function encodeItem(
  { key, data, rev, expiresAtSeconds }: Extract<StateWrite, { kind: "put" }>,
  nowMs: number,
): JSONObject & { id: string } {
  const item = { id: key.sort, partition: key.partition, data, rev, expiresAtSeconds };
  if (expiresAtSeconds === null) return item;
  const ttl = Math.ceil(expiresAtSeconds - nowMs / 1000) + GRACE_SECONDS;
  return { ...item, ttl: Math.max(1, ttl) };
}

/** Reads what {@link encodeItem} wrote. Throws for an item that is none of ours. */
export function decodeItem(at: Pick<StateKey, "store" | "partition">, item: unknown): StateRow {
  const { id, _etag: handle, data, rev, expiresAtSeconds } = Item.parse(item);
  return {
    key: { store: at.store, partition: at.partition, sort: id },
    data,
    rev,
    expiresAtSeconds,
    handle,
  };
}
