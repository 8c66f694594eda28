import { Fault } from "#shared/errors";
import type { QueueCodec, Settlement } from "#shared/host";
import * as z from "zod";
import { AzureInvocationResponse, type AzureTrigger } from "./rpc.ts";

/** What the handler of a queue trigger is called with: the entry, and `context.triggerMetadata`. */
export type AzureQueueEvent = {
  readonly entry: unknown;
  readonly triggerMetadata: Readonly<Record<string, unknown>> | undefined;
};

// Metadata goes through JSON too, so an id of digits arrives as a number.
const id = z.union([z.string(), z.number()]).transform(String);
const StorageQueue = z
  .object({ id, dequeueCount: z.int().min(1) })
  .transform((metadata) => ({ handle: metadata.id, receiveCount: metadata.dequeueCount }));
// Service Bus counts from 0 in some versions of its extension.
const ServiceBus = z
  .object({ messageId: id, deliveryCount: z.int().min(0) })
  .transform(({ messageId, deliveryCount }) => ({
    handle: messageId,
    receiveCount: Math.max(1, deliveryCount),
  }));
const Metadata = z.union([StorageQueue, ServiceBus]);

/**
 * Azure's queue triggers, Storage Queue and Service Bus with cardinality one: a message per invocation. The host
 * undoes the base64 that the sender has to put on (host.json: `messageEncoding`), and the library parses every
 * body that happens to be JSON, a bare number included; the text is put together again here.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger
 */
export const azureQueueCodec: QueueCodec<AzureQueueEvent, undefined, AzureTrigger, unknown> = {
  runtime: "azure",
  maxBatch: 1,

  decode({ entry, triggerMetadata }) {
    const metadata = Metadata.safeParse(triggerMetadata);
    if (!metadata.success) {
      throw new Fault(
        "invalid_argument",
        "azure.queue: the trigger's metadata is of no queue we know; use a storage or service bus queue",
      );
    }
    return [{ ...metadata.data, body: asText(entry) }];
  },

  encode(settlements) {
    if (settlements.every(({ done }) => done)) return undefined;
    // Throwing is the only way to hand a message back; the host then shows it again or gives it up as poison.
    throw new Fault(
      "unavailable",
      "azure.queue: the message was not handled; the host delivers it again",
      {
        origin: "platform",
      },
    );
  },

  emulate(queue, deliveries) {
    const [delivery] = deliveries;
    if (delivery === undefined || deliveries.length > 1) {
      throw new Fault(
        "invalid_argument",
        `azure.queue: ${deliveries.length} messages of "${queue}" in one invocation; deliver one at a time`,
      );
    }
    return {
      data: { string: delivery.body },
      triggerMetadata: {
        QueueTrigger: { string: delivery.body },
        DequeueCount: { json: String(delivery.receiveCount) },
        Id: { string: delivery.handle },
      },
    };
  },

  render(response, deliveries): readonly Settlement[] {
    const parsed = AzureInvocationResponse.safeParse(response);
    const done = parsed.success && parsed.data.status === "success";
    return deliveries.map(({ handle }) => ({ handle, done }));
  },
};

function asText(entry: unknown): string {
  if (typeof entry === "string") return entry;
  if (entry instanceof Uint8Array) return Buffer.from(entry).toString("utf8");
  // Anything but an object is no envelope of ours; it stays readable, so that it can be put aside.
  return JSON.stringify(entry) ?? "";
}
