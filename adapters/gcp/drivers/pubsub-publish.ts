import type { v1 } from "@google-cloud/pubsub";
import { batchesOf, sendBatches } from "#shared/portable";
import type { DriverSendResult } from "#shared/queue";
import { type Connection, connectLazily, singleAttempt, unlessAborted } from "./google-client.ts";

export type PubSubOptions = {
  readonly project: string;
  /** Stands before the names of our queues and topics, so that deployments can share a project. */
  readonly namePrefix?: string;
  /** Endpoint and credentials, as Google's client takes them; the environment's when left out. */
  readonly client?: ConstructorParameters<typeof v1.PublisherClient>[0];
};

export type PubSubMessage = {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
};

// https://cloud.google.com/pubsub/quotas#resource_limits
const REQUEST_BYTES = 10_000_000;
const REQUEST_MESSAGES = 1_000;
/** The topic's name, at most 255 characters beside a project's 30, and the frame around the messages. */
const REQUEST_FRAME_BYTES = 1_000;
/** Tags and lengths around a message's data or an attribute's name and value, rounded up. */
const FIELD_FRAME_BYTES = 16;

const LIMITS = { entries: REQUEST_MESSAGES, bytes: REQUEST_BYTES - REQUEST_FRAME_BYTES };

/** The most data that a message without attributes can have. */
export const maxMessageBytes = LIMITS.bytes - FIELD_FRAME_BYTES;

/** A publisher's client that is made on first use. */
export function connectPublisher(options: PubSubOptions): Connection<v1.PublisherClient> {
  return connectLazily(async () => {
    const sdk = await import("./pubsub-sdk.ts");
    return new sdk.v1.PublisherClient(options.client);
  });
}

/** Publishes in as few requests as they fit; a request happens wholly or not at all. Throws when none did. */
export function publishAll(
  client: v1.PublisherClient,
  { project, namePrefix = "" }: Pick<PubSubOptions, "project" | "namePrefix">,
  topic: string,
  messages: readonly PubSubMessage[],
  signal: AbortSignal | undefined,
): Promise<readonly DriverSendResult[]> {
  const path = `projects/${project}/topics/${namePrefix}${topic}`;
  return sendBatches(batchesOf(messages, LIMITS, sizeBytesOf), async (batch) => {
    const request = { topic: path, messages: batch.map((message) => ({ ...message })) };
    await unlessAborted(signal, () => client.publish(request, singleAttempt));
    return batch.map(() => ({ ok: true }));
  });
}

function sizeBytesOf({ data, attributes }: PubSubMessage): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + value) + FIELD_FRAME_BYTES,
    data.byteLength + FIELD_FRAME_BYTES,
  );
}
