import type { DriverSendResult } from "#shared/queue";

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
