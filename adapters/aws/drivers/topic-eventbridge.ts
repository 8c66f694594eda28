import { batchesOf, sendBatches } from "#shared/portable";
import type { DriverSendResult } from "#shared/queue";
import { encodeCloudEvent, type TopicDriver } from "#shared/topic";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";
import { EntryFailed, escapedForSqs } from "./batch-entries.ts";

export type EventBridgeOptions = AwsConnection & {
  /** Name or ARN of the bus that all topics share. */
  readonly bus: string;
};

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
const BATCH = { entries: 10, bytes: 262_144 };
/** Time, source and detail type count too: 14 bytes, a topic's name with its prefix, at most 128. */
const FRAME_BYTES = 256;

/**
 * Publishes to an EventBridge bus: the event is the detail, its type the detail type, and the source names the topic.
 * A subscription is a rule with an SQS queue as its target and the pattern
 * `{"source": ["auterity.orders"], "detail-type": ["order.placed"]}`.
 */
export function eventBridgeTopic({ bus, ...connection }: EventBridgeOptions): TopicDriver {
  const eventBridge = lazyClient(async () => {
    const sdk = await import("./eventbridge-sdk.ts");
    return { sdk, client: new sdk.EventBridgeClient(clientConfig(connection)) };
  });
  return {
    name: "eventbridge",
    maxEventBytes: BATCH.bytes - FRAME_BYTES,
    async publish(topic, events, signal) {
      const { sdk, client } = await eventBridge.get();
      const entries = events.map((event) => ({
        EventBusName: bus,
        Source: eventBridgeSource(topic),
        DetailType: event.type,
        Time: new Date(event.time),
        Detail: escapedForSqs(encodeCloudEvent(event)),
      }));
      const sizeBytesOf = ({ Detail }: (typeof entries)[number]): number =>
        Buffer.byteLength(Detail) + FRAME_BYTES;
      return sendBatches(batchesOf(entries, BATCH, sizeBytesOf), async (batch) => {
        const command = new sdk.PutEventsCommand({ Entries: [...batch] });
        const { Entries = [] } = await client.send(command, until(signal));
        return batch.map((_, index) => resultOf(Entries[index]));
      });
    },
    codeOf: codeOfAws,
    close: () => eventBridge.close(),
  };
}

/** The source of a topic's events, for the patterns of rules. */
export function eventBridgeSource(topic: string): string {
  return `auterity.${topic}`;
}

/** Only an event with an id of EventBridge's was taken. */
function resultOf(
  entry: { readonly EventId?: string | undefined; readonly ErrorCode?: string | undefined } = {},
): DriverSendResult {
  return entry.EventId === undefined
    ? { ok: false, error: new EntryFailed(entry.ErrorCode) }
    : { ok: true };
}
