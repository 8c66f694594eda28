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

/** What became of the entries of a batch whose answer lists the failed ones by the ids `0`, `1`, `2` …. */
export function resultsOf(
  entries: readonly unknown[],
  failed: readonly { readonly Id?: string | undefined; readonly Code?: string | undefined }[] = [],
): DriverSendResult[] {
  const errors = new Map(failed.map(({ Id, Code }) => [Id, new EntryFailed(Code)]));
  return entries.map((_, index): DriverSendResult => {
    const error = errors.get(String(index));
    return error === undefined ? { ok: true } : { ok: false, error };
  });
}

/** Why a service refused one entry of a batch; its code is the name, as on the SDK's own errors. */
export class EntryFailed extends Error {
  constructor(code = "unknown") {
    super(`the service refused an entry of a batch: ${code}`);
    this.name = code;
  }
}

/**
 * JSON text such that SQS takes it. SQS takes what XML takes and refuses, or silently replaces, the two characters of
 * JSON text that XML does not; in JSON they can be written as escapes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
export function escapedForSqs(json: string): string {
  return json.replaceAll("\ufffe", "\\ufffe").replaceAll("\uffff", "\\uffff");
}
