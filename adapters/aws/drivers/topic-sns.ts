import { batchesOf, sendBatches } from "#shared/portable";
import { encodeCloudEvent, type TopicDriver } from "#shared/topic";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";
import { escapedForSqs, resultsOf } from "./batch-entries.ts";

export type SnsOptions = AwsConnection & {
  /** What a topic's name is put behind: `arn:aws:sns:<region>:<account>`. */
  readonly arnPrefix: string;
  /** Stands before the names of our topics, so that deployments can share an account. */
  readonly namePrefix?: string;
};

// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
const BATCH = { entries: 10, bytes: 262_144 };
/** The attribute `ce-type` with its data type, and the escapes for SQS, rounded up. */
const FRAME_BYTES = 256;

/**
 * Publishes to standard topics of SNS, whose names are ours. A subscription is an SQS queue with raw delivery and the
 * filter policy `{"ce-type": ["order.placed"]}`.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
 */
export function snsTopic({ arnPrefix, namePrefix = "", ...connection }: SnsOptions): TopicDriver {
  const sns = lazyClient(async () => {
    const sdk = await import("./sns-sdk.ts");
    return { sdk, client: new sdk.SNSClient(clientConfig(connection)) };
  });
  return {
    name: "sns",
    maxEventBytes: BATCH.bytes - FRAME_BYTES,
    async publish(topic, events, signal) {
      const { sdk, client } = await sns.get();
      const entries = events.map((event) => ({
        Message: escapedForSqs(encodeCloudEvent(event)),
        MessageAttributes: { "ce-type": { DataType: "String", StringValue: event.type } },
      }));
      const sizeBytesOf = ({ Message }: (typeof entries)[number]): number =>
        Buffer.byteLength(Message) + FRAME_BYTES;
      return sendBatches(batchesOf(entries, BATCH, sizeBytesOf), async (batch) => {
        const command = new sdk.PublishBatchCommand({
          TopicArn: `${arnPrefix}:${namePrefix}${topic}`,
          PublishBatchRequestEntries: batch.map((entry, index) => ({
            Id: String(index),
            ...entry,
          })),
        });
        const { Failed } = await client.send(command, until(signal));
        return resultsOf(batch, Failed);
      });
    },
    codeOf: codeOfAws,
    close: () => sns.close(),
  };
}
