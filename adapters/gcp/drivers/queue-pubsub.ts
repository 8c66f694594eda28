import type { v1 } from "@google-cloud/pubsub";
import type { DriverSendResult, OutgoingMessage, QueueDriver } from "#shared/queue";
import { codeOfGoogle, connectLazily, singleAttempt, unlessAborted } from "./google-client.ts";

export type PubSubOptions = {
  readonly project: string;
  /** Endpoint and credentials, as Google's client takes them; the environment's when left out. */
  readonly client?: ConstructorParameters<typeof v1.PublisherClient>[0];
};

// https://cloud.google.com/pubsub/quotas#resource_limits
const REQUEST_BYTES = 10_000_000;
const REQUEST_MESSAGES = 1_000;
/** The topic's name, at most 255 characters beside a project's 30, and the frame around the messages. */
const REQUEST_FRAME_BYTES = 1_000;
/** Tags and lengths around one message's data, rounded up. */
const MESSAGE_FRAME_BYTES = 16;

/**
 * Sends to Pub/Sub: a queue is the topic of the same name, and its one push subscription the trigger. Pub/Sub holds
 * no single message back (https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff delays
 * redelivery only), so no delay can be asked for.
 */
export function pubsubQueue(options: PubSubOptions): QueueDriver {
  const connection = connectLazily(async () => {
    const sdk = await import("./pubsub-sdk.ts");
    return new sdk.v1.PublisherClient(options.client);
  });
  return {
    name: "pubsub",
    maxDelaySeconds: 0,
    maxBodyBytes: REQUEST_BYTES - REQUEST_FRAME_BYTES - MESSAGE_FRAME_BYTES,
    async send(queue, messages, signal) {
      const client = await connection.get();
      const topic = `projects/${options.project}/topics/${queue}`;
      const results: DriverSendResult[] = [];
      for (const batch of batchesOf(messages)) {
        const sent = await publish(client, topic, batch, signal);
        // Nothing has been sent so far: then it is the queue that failed, not a message.
        if (!sent.ok && results.length === 0) throw sent.error;
        results.push(...batch.map(() => sent));
      }
      return results;
    },
    codeOf: codeOfGoogle,
    close: () => connection.close(),
  };
}

/** A request happens wholly or not at all. */
async function publish(
  client: v1.PublisherClient,
  topic: string,
  batch: readonly OutgoingMessage[],
  signal: AbortSignal | undefined,
): Promise<DriverSendResult> {
  const messages = batch.map(({ body }) => ({ data: Buffer.from(body) }));
  try {
    await unlessAborted(signal, () => client.publish({ topic, messages }, singleAttempt));
    return { ok: true };
  } catch (error) {
    return { ok: false, error };
  }
}

function batchesOf(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const batches: OutgoingMessage[][] = [];
  let batch: OutgoingMessage[] = [];
  let sizeBytes = Infinity;
  for (const message of messages) {
    const ownBytes = Buffer.byteLength(message.body) + MESSAGE_FRAME_BYTES;
    if (sizeBytes + ownBytes > REQUEST_BYTES || batch.length === REQUEST_MESSAGES) {
      batch = [];
      batches.push(batch);
      sizeBytes = REQUEST_FRAME_BYTES;
    }
    batch.push(message);
    sizeBytes += ownBytes;
  }
  return batches;
}
