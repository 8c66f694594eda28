import { lazily } from "#shared/function";
import { setTimeout as sleep } from "node:timers/promises";
import type { DequeuedMessageItem } from "@azure/storage-queue";
import type { QueueReceiver, Received } from "#shared/queue";
import type { AzureAccount } from "./account.ts";
import { connectToQueues } from "./queue-storage.ts";
import { during, serviceCode } from "./rest-client.ts";

// https://learn.microsoft.com/rest/api/storageservices/get-messages
const MAX_RECEIVED = 32;
// https://learn.microsoft.com/rest/api/storageservices/update-message
const MAX_HIDDEN_SECONDS = 7 * 86_400;

/** The service knows no waiting, so an empty queue is asked this often. */
const POLL_EVERY_MS = 200;

/** Another has received the message since: https://learn.microsoft.com/rest/api/storageservices/queue-service-error-codes */
const LATE: ReadonlySet<string | undefined> = new Set(["MessageNotFound", "PopReceiptMismatch"]);

/** Receives from the queues that the driver for the same account sends to. */
export function storageQueueReceiver(account: AzureAccount): QueueReceiver {
  const connect = lazily(() => connectToQueues(account));
  return {
    async receive(queue, { limit, leaseSeconds, waitSeconds = 0 }, signal) {
      const client = (await connect()).getQueueClient(queue);
      for (let waitedMs = 0; ; waitedMs += POLL_EVERY_MS) {
        const { receivedMessageItems } = await client.receiveMessages({
          ...during(signal),
          numberOfMessages: Math.min(MAX_RECEIVED, limit),
          visibilityTimeout: leaseSeconds,
        });
        const isOver = signal?.aborted === true || waitedMs >= waitSeconds * 1_000;
        if (receivedMessageItems.length > 0 || isOver) return receivedMessageItems.map(received);
        // An abort ends the wait; the next look finds it.
        await sleep(POLL_EVERY_MS, undefined, signal === undefined ? {} : { signal }).catch(
          () => undefined,
        );
      }
    },
    async settle(queue, handle, settlement) {
      const client = (await connect()).getQueueClient(queue);
      const [id = "", receipt = ""] = handle.split(" ");
      try {
        if (settlement === "done") await client.deleteMessage(id, receipt);
        else {
          const seconds = Math.ceil(settlement.visibleAfterMs / 1_000);
          await client.updateMessage(id, receipt, undefined, Math.min(MAX_HIDDEN_SECONDS, seconds));
        }
        return true;
      } catch (error) {
        if (LATE.has(serviceCode(error))) return false;
        throw error;
      }
    },
    async close() {},
  };
}

function received({
  messageId,
  popReceipt,
  messageText,
  dequeueCount,
}: DequeuedMessageItem): Received {
  return {
    handle: `${messageId} ${popReceipt}`,
    body: Buffer.from(messageText, "base64").toString(),
    receiveCount: dequeueCount,
  };
}
