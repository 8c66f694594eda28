import type { QueueDriver } from "#shared/queue";
import { codeOfGoogle } from "./google-client.ts";
import {
  connectPublisher,
  maxMessageBytes,
  publishAll,
  type PubSubOptions,
} from "./pubsub-publish.ts";

/**
 * Sends to Pub/Sub: a queue is the topic of the same name, and its one push subscription the trigger. Pub/Sub holds
 * no single message back (https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff delays
 * redelivery only), so no delay can be asked for.
 */
export function pubsubQueue(options: PubSubOptions): QueueDriver {
  const connection = connectPublisher(options);
  return {
    name: "pubsub",
    maxDelaySeconds: 0,
    maxBodyBytes: maxMessageBytes,
    async send(queue, messages, signal) {
      const data = messages.map(({ body }) => ({ data: Buffer.from(body), attributes: {} }));
      return publishAll(await connection.get(), options, queue, data, signal);
    },
    codeOf: codeOfGoogle,
    close: () => connection.close(),
  };
}
