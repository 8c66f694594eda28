import { lazily } from "#shared/function";
import type { EventGridPublisherClient, SendCloudEventInput } from "@azure/eventgrid";
import { batchesOf, sendBatches } from "#shared/portable";
import { type CloudEvent, encodeCloudEvent, type TopicDriver } from "#shared/topic";
import type { AzureIdentity } from "./account.ts";
import { codeOfRest, during } from "./rest-client.ts";

export type EventGridOptions = {
  /** The address of a topic: `https://<name>.<region>-1.eventgrid.azure.net/api/events`. */
  readonly endpointOf: (topic: string) => string;
  /** What the topics are published to with: a managed identity, or the access key that they share. */
  readonly account: { readonly identity: AzureIdentity } | { readonly key: string };
  /** The topics are on this machine and have no TLS. */
  readonly emulator?: boolean;
};

type Client = EventGridPublisherClient<"CloudEvent">;

/** A request's array: https://learn.microsoft.com/azure/event-grid/post-to-custom-topic#event-data */
const REQUEST = { entries: 5_000, bytes: 1_000_000 };
/** Event Grid may write an event anew in its own way; that must not be longer than the subscriber's queue takes. */
const FRAME_BYTES = 1_024;

/**
 * Publishes to Event Grid's custom topics whose input schema is CloudEvents 1.0. A subscription delivers in the same
 * schema to a Storage Queue, and filters by included event types. A request is taken wholly or not at all.
 * https://learn.microsoft.com/azure/event-grid/cloud-event-schema
 */
export function eventGridTopic(options: EventGridOptions): TopicDriver {
  const clients = new Map<string, () => Promise<Client>>();
  const clientOf = (topic: string): Promise<Client> => {
    const connect = clients.get(topic) ?? lazily(() => connectTo(topic, options));
    clients.set(topic, connect);
    return connect();
  };
  return {
    name: "azure-event-grid",
    // What a Storage Queue's message holds before its base64.
    maxEventBytes: 48 * 1024 - FRAME_BYTES,
    async publish(topic, events, signal) {
      const client = await clientOf(topic);
      return sendBatches(batchesOf(events, REQUEST, sizeBytesOf), async (batch) => {
        await client.send(batch.map(inputOf), during(signal));
        return batch.map(() => ({ ok: true }));
      });
    },
    codeOf: codeOfRest,
    async close() {},
  };
}

function sizeBytesOf(event: CloudEvent): number {
  return Buffer.byteLength(encodeCloudEvent(event)) + FRAME_BYTES;
}

function inputOf(event: CloudEvent): SendCloudEventInput<unknown> {
  const { auteritytenant, traceparent, auterityevent, subject, time, ...attributes } = event;
  const extensionAttributes = {
    auteritytenant,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(auterityevent === undefined ? {} : { auterityevent }),
  };
  const about = subject === undefined ? {} : { subject };
  return { ...attributes, ...about, time: new Date(time), extensionAttributes };
}

async function connectTo(topic: string, options: EventGridOptions): Promise<Client> {
  const sdk = await import("./event-grid-sdk.ts");
  const { account, emulator, endpointOf } = options;
  const credential = "key" in account ? new sdk.AzureKeyCredential(account.key) : account.identity;
  return new sdk.EventGridPublisherClient(endpointOf(topic), "CloudEvent", credential, {
    retryOptions: { maxRetries: 0 },
    ...(emulator === true ? { allowInsecureConnection: true } : {}),
  });
}
