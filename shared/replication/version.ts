import { REVISION, type StateRow } from "#shared/state";
import * as z from "zod";

/** What a key holds at one replica, as it travels to the others. */
export const Version = z.object({
  /** Of the hybrid logical clock: later than every revision that its writer had seen. */
  rev: z.string().regex(REVISION),
  /** Counts how often the key was deleted and made again. */
  epoch: z.int().nonnegative(),
  /** Canonical JSON text; `null` for a key that was deleted. */
  data: z.string().nullable(),
  expiresAtSeconds: z.int().nullable(),
});

export type Version = z.infer<typeof Version>;

/** What comes of two versions of a key: commutative, associative and idempotent. */
export type Join = (a: Version, b: Version) => Version;

/** The last writer by hybrid logical clock. No two writes have the same revision. */
export const lastWriter: Join = (a, b) => (a.rev >= b.rev ? a : b);

/**
 * Both values merged, under the later revision. A deletion stands against every version of the same life of the key,
 * earlier or later; a key that was made again after it is a new life, and wins.
 */
export function mergedBy(merge: (a: string, b: string) => string): Join {
  return (a, b) => {
    if (a.epoch !== b.epoch) return a.epoch > b.epoch ? a : b;
    if (a.data === null || b.data === null) return deletion(a, b);
    return {
      rev: a.rev >= b.rev ? a.rev : b.rev,
      epoch: a.epoch,
      data: a.data === b.data ? a.data : merge(a.data, b.data),
      expiresAtSeconds: later(a.expiresAtSeconds, b.expiresAtSeconds),
    };
  };
}

export function isSame(a: Version, b: Version): boolean {
  return (
    a.rev === b.rev &&
    a.epoch === b.epoch &&
    a.data === b.data &&
    a.expiresAtSeconds === b.expiresAtSeconds
  );
}

// A row as a replicated store keeps it: `[epoch, expiry, value]`, or `[epoch]` where the key was deleted.
const LIVE = /^\[(\d+),(null|\d+),/;
const DELETED = /^\[(\d+)\]$/;

/** The text of a stored row. */
export function encodeVersion({ epoch, data, expiresAtSeconds }: Version): string {
  return data === null ? `[${epoch}]` : `[${epoch},${expiresAtSeconds},${data}]`;
}

/** Reads a stored row; one from before its store was replicated is the first life of its key. */
export function decodeVersion({ rev, data, expiresAtSeconds }: StateRow): Version {
  const [head = "", epoch, expiry] = LIVE.exec(data) ?? [];
  if (epoch !== undefined) {
    const value = data.slice(head.length, -1);
    const expires = expiry === "null" ? null : Number(expiry);
    return { rev, epoch: Number(epoch), data: value, expiresAtSeconds: expires };
  }
  const deleted = DELETED.exec(data)?.[1];
  if (deleted === undefined) return { rev, epoch: 0, data, expiresAtSeconds };
  return { rev, epoch: Number(deleted), data: null, expiresAtSeconds: null };
}

/** When a version was written, as its revision says. */
export function writtenAtMs(rev: string): number {
  return Number.parseInt(rev.slice(0, 12), 16);
}

function deletion(a: Version, b: Version): Version {
  if (a.data === null && b.data === null) return lastWriter(a, b);
  return a.data === null ? a : b;
}

/** `null` is never. */
function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
