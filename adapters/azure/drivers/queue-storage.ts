import { lazily } from "#shared/function";
import type { QueueClient, QueueServiceClient } from "@azure/storage-queue";
import type { OutgoingMessage, QueueDriver } from "#shared/queue";
import type { AzureAccount } from "./account.ts";
import { codeOfRest, during } from "./rest-client.ts";
import { sendEach } from "./send-each.ts";

/**
 * Messages into Azure Storage queues, in base64 as the Functions trigger expects them
 * (https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger). The service takes one
 * message per request. The queues must exist.
 */
export function storageQueue(account: AzureAccount): QueueDriver {
  const connect = lazily(() => connectToQueues(account));
  return {
    name: "azure-storage-queue",
    // https://learn.microsoft.com/rest/api/storageservices/put-message
    maxDelaySeconds: 7 * 86_400,
    // 64 KiB of base64: https://learn.microsoft.com/azure/storage/queues/scalability-targets
    maxBodyBytes: 48 * 1024,
    async send(queue, messages, signal) {
      const client = (await connect()).getQueueClient(queue);
      return sendEach(messages, (message) => sendOne(client, message, signal));
    },
    codeOf: codeOfRest,
    async close() {},
  };
}

async function sendOne(
  client: QueueClient,
  { body, delaySeconds }: OutgoingMessage,
  signal: AbortSignal | undefined,
): Promise<void> {
  await client.sendMessage(Buffer.from(body).toString("base64"), {
    ...during(signal),
    visibilityTimeout: delaySeconds,
    // For ever: by default a message is gone after seven days, visible or not.
    messageTimeToLive: -1,
  });
}

/** Opens the queues of an account without retries; loads the SDK. */
export async function connectToQueues(account: AzureAccount): Promise<QueueServiceClient> {
  const { QueueServiceClient: Client } = await import("@azure/storage-queue");
  const options = { retryOptions: { maxTries: 1 } };
  return "endpoint" in account
    ? new Client(account.endpoint, account.identity, options)
    : Client.fromConnectionString(account.connectionString, options);
}
