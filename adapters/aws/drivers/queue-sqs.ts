import type { BatchResultErrorEntry, SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import type { DriverSendResult, OutgoingMessage, QueueDriver } from "#shared/queue";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";

export type SqsOptions = AwsConnection & {
  /** What a queue's URL begins with: `https://sqs.<region>.amazonaws.com/<account>`. */
  readonly baseUrl: string;
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const MAX_BATCH_MESSAGES = 10;
const MAX_BATCH_BYTES = 1_048_576;
const MAX_DELAY_SECONDS = 900;

/** Sends to standard queues of SQS, whose names are ours. A batch that fails does not fail the others. */
export function sqsQueue({ baseUrl, ...connection }: SqsOptions): QueueDriver {
  const sqs = lazyClient(async () => {
    const sdk = await import("./sqs-sdk.ts");
    return { sdk, client: new sdk.SQSClient(clientConfig(connection)) };
  });
  return {
    name: "sqs",
    maxDelaySeconds: MAX_DELAY_SECONDS,
    maxBodyBytes: MAX_BATCH_BYTES,
    async send(queue, messages, signal) {
      const { sdk, client } = await sqs.get();
      const batches = batchesOf(messages.map(escaped));
      const sending = batches.map(async (Entries) => {
        const batch = { QueueUrl: queueUrl(baseUrl, queue), Entries };
        const { Failed } = await client.send(new sdk.SendMessageBatchCommand(batch), until(signal));
        return Failed ?? [];
      });
      return resultsOf(batches, await Promise.allSettled(sending));
    },
    codeOf: codeOfAws,
    close: () => sqs.close(),
  };
}

/** The address of a queue. */
export function queueUrl(baseUrl: string, queue: string): string {
  return `${baseUrl}/${queue}`;
}

/** One result per message. Throws when there is no batch that did not fail as a whole. */
function resultsOf(
  batches: readonly (readonly SendMessageBatchRequestEntry[])[],
  outcomes: readonly PromiseSettledResult<readonly BatchResultErrorEntry[]>[],
): DriverSendResult[] {
  const [first] = outcomes;
  if (first?.status === "rejected" && outcomes.every(({ status }) => status === "rejected")) {
    throw first.reason;
  }
  return outcomes.flatMap((outcome, index): DriverSendResult[] => {
    const entries = batches[index] ?? [];
    if (outcome.status === "rejected") {
      const error: unknown = outcome.reason;
      return entries.map(() => ({ ok: false, error }));
    }
    const errors = new Map(outcome.value.map((failed) => [failed.Id, new EntryFailed(failed)]));
    return entries.map(({ Id }) => {
      const error = errors.get(Id);
      return error === undefined ? { ok: true } : { ok: false, error };
    });
  });
}

/** Why SQS refused one message of a batch; its code is the name, as on the SDK's own errors. */
class EntryFailed extends Error {
  constructor({ Code = "unknown" }: BatchResultErrorEntry) {
    super(`sqs refused a message of a batch: ${Code}`);
    this.name = Code;
  }
}

/**
 * SQS takes what XML takes and refuses, or silently replaces, the two characters of JSON text that XML does not; in
 * JSON they can be written as escapes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
function escaped({ body, delaySeconds }: OutgoingMessage): OutgoingMessage {
  const text = body.replaceAll("\ufffe", "\\ufffe").replaceAll("\uffff", "\\uffff");
  return { body: text, delaySeconds };
}

/** Runs of messages that fit a request: so many of them, and so many bytes together. */
function batchesOf(messages: readonly OutgoingMessage[]): SendMessageBatchRequestEntry[][] {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let roomBytes = 0;
  for (const { body, delaySeconds } of messages) {
    const sizeBytes = Buffer.byteLength(body);
    const last = batches.at(-1) ?? [];
    const isFull = last.length % MAX_BATCH_MESSAGES === 0 || sizeBytes > roomBytes;
    const batch = isFull ? [] : last;
    if (isFull) {
      batches.push(batch);
      roomBytes = MAX_BATCH_BYTES;
    }
    batch.push({ Id: String(batch.length), MessageBody: body, DelaySeconds: delaySeconds });
    roomBytes -= sizeBytes;
  }
  return batches;
}
