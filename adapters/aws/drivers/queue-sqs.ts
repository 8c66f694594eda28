import { batchesOf, sendBatches } from "#shared/portable";
import type { QueueDriver } from "#shared/queue";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";
import { escapedForSqs, resultsOf } from "./batch-entries.ts";

export type SqsOptions = AwsConnection & {
  /** What a queue's URL begins with: `https://sqs.<region>.amazonaws.com/<account>`. */
  readonly baseUrl: string;
  /** Stands before the names of our queues, so that deployments can share an account. */
  readonly namePrefix?: string;
};

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const BATCH = { entries: 10, bytes: 1_048_576 };
const MAX_DELAY_SECONDS = 900;

/** Sends to standard queues of SQS, named as ours. A batch that fails does not fail the others. */
export function sqsQueue({ baseUrl, namePrefix = "", ...connection }: SqsOptions): QueueDriver {
  const sqs = lazyClient(async () => {
    const sdk = await import("./sqs-sdk.ts");
    return { sdk, client: new sdk.SQSClient(clientConfig(connection)) };
  });
  return {
    name: "sqs",
    maxDelaySeconds: MAX_DELAY_SECONDS,
    maxBodyBytes: BATCH.bytes,
    async send(queue, messages, signal) {
      const { sdk, client } = await sqs.get();
      const entries = messages.map(({ body, delaySeconds }) => ({
        MessageBody: escapedForSqs(body),
        DelaySeconds: delaySeconds,
      }));
      const sizeBytesOf = (entry: (typeof entries)[number]): number =>
        Buffer.byteLength(entry.MessageBody);
      return sendBatches(batchesOf(entries, BATCH, sizeBytesOf), async (batch) => {
        const command = new sdk.SendMessageBatchCommand({
          QueueUrl: queueUrl(baseUrl, `${namePrefix}${queue}`),
          Entries: batch.map((entry, index) => ({ Id: String(index), ...entry })),
        });
        const { Failed } = await client.send(command, until(signal));
        return resultsOf(batch, Failed);
      });
    },
    codeOf: codeOfAws,
    close: () => sqs.close(),
  };
}

/** The address of a queue. */
export function queueUrl(baseUrl: string, queue: string): string {
  return `${baseUrl}/${queue}`;
}
