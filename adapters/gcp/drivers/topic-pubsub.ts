import type { CloudEvent, TopicDriver } from "#shared/topic";
import { codeOfGoogle } from "./google-client.ts";
import {
  connectPublisher,
  maxMessageBytes,
  publishAll,
  type PubSubMessage,
  type PubSubOptions,
} from "./pubsub-publish.ts";

/** More than the names of all attributes and the lengths around them. */
const ATTRIBUTES_BYTES = 1_000;

/**
 * Publishes to Pub/Sub in CloudEvents' binary mode, so that a subscription can filter by
 * `attributes."ce-type" = "order.placed"`.
 * https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 */
export function pubsubTopic(options: PubSubOptions): TopicDriver {
  const connection = connectPublisher(options);
  return {
    name: "pubsub",
    maxEventBytes: maxMessageBytes - ATTRIBUTES_BYTES,
    async publish(topic, events, signal) {
      const messages = events.map(pubsubMessage);
      const client = await connection.get();
      return publishAll(client, options, pubsubTopicName(topic), messages, signal);
    },
    codeOf: codeOfGoogle,
    close: () => connection.close(),
  };
}

/** The name in Pub/Sub: a dot is in no queue's name, and a queue is a topic of Pub/Sub too. */
export function pubsubTopicName(topic: string): string {
  return `events.${topic}`;
}

/** An event as a message of Pub/Sub. */
export function pubsubMessage({ data, datacontenttype, ...event }: CloudEvent): PubSubMessage {
  const attributes = Object.entries(event).flatMap(([name, value]) =>
    value === undefined ? [] : [[`ce-${name}`, value] as const],
  );
  return {
    data: Buffer.from(JSON.stringify(data)),
    attributes: { ...Object.fromEntries(attributes), "content-type": datacontenttype },
  };
}
