import type { DriverSendResult } from "#shared/queue";

/** What one request takes. */
export type BatchLimits = { readonly entries: number; readonly bytes: number };

/** Runs of entries that fit a request: so many of them, and so many bytes together. */
export function batchesOf<T>(
  entries: readonly T[],
  limits: BatchLimits,
  sizeBytesOf: (entry: T) => number,
): T[][] {
  const batches: T[][] = [];
  let roomBytes = 0;
  for (const entry of entries) {
    const sizeBytes = sizeBytesOf(entry);
    const last = batches.at(-1) ?? [];
    const isFull = last.length % limits.entries === 0 || sizeBytes > roomBytes;
    const batch = isFull ? [] : last;
    if (isFull) {
      batches.push(batch);
      roomBytes = limits.bytes;
    }
    batch.push(entry);
    roomBytes -= sizeBytes;
  }
  return batches;
}

/**
 * Sends batches side by side. `send` gives what became of each entry of a batch, in order. A batch that fails as a
 * whole does not fail the others; throws when none of them went through.
 */
export async function sendBatches<T>(
  batches: readonly (readonly T[])[],
  send: (batch: readonly T[]) => Promise<readonly DriverSendResult[]>,
): Promise<readonly DriverSendResult[]> {
  const outcomes = await Promise.allSettled(batches.map(send));
  const [first] = outcomes;
  if (first?.status === "rejected" && outcomes.every(({ status }) => status === "rejected")) {
    throw first.reason;
  }
  return outcomes.flatMap((outcome, index): readonly DriverSendResult[] => {
    if (outcome.status === "fulfilled") return outcome.value;
    const error: unknown = outcome.reason;
    return (batches[index] ?? []).map(() => ({ ok: false, error }));
  });
}
