import type { QueueReceiver, Received } from "#shared/queue";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { queueUrl, type SqsOptions } from "./queue-sqs.ts";

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
const MAX_RECEIVED = 10;
const MAX_WAIT_MS = 20_000;
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
const MAX_HIDDEN_SECONDS = 43_200;

/**
 * Receives from the queues that the driver with the same options sends to. Waits at most 20 s; a wait above 0 also
 * asks all of SQS's servers and not only some.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export function sqsReceiver({ baseUrl, ...connection }: SqsOptions): QueueReceiver {
  const sqs = lazyClient(() => connect(connection));
  return {
    async receive(queue, { limit, leaseSeconds, waitSeconds = 0 }, signal) {
      const { sdk, client } = await sqs.get();
      const received: Received[] = [];
      while (received.length < limit) {
        const command = new sdk.ReceiveMessageCommand({
          QueueUrl: queueUrl(baseUrl, queue),
          MaxNumberOfMessages: Math.min(MAX_RECEIVED, limit - received.length),
          VisibilityTimeout: leaseSeconds,
          WaitTimeSeconds: received.length === 0 ? waitSeconds : 0,
          MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        });
        const { Messages = [] } = await client.send(command, until(signal));
        if (Messages.length === 0) break;
        for (const { ReceiptHandle = "", Body = "", Attributes } of Messages) {
          const receiveCount = Number(Attributes?.ApproximateReceiveCount ?? 1);
          received.push({ handle: ReceiptHandle, body: Body, receiveCount });
        }
      }
      return received;
    },
    async settle(queue, handle, settlement) {
      const { sdk, client } = await sqs.get();
      const message = { QueueUrl: queueUrl(baseUrl, queue), ReceiptHandle: handle };
      try {
        await (settlement === "done"
          ? client.send(new sdk.DeleteMessageCommand(message))
          : client.send(
              new sdk.ChangeMessageVisibilityCommand({
                ...message,
                VisibilityTimeout: secondsOf(settlement.visibleAfterMs),
              }),
            ));
        return true;
      } catch (error) {
        const isLate =
          error instanceof sdk.ReceiptHandleIsInvalid || error instanceof sdk.MessageNotInflight;
        if (isLate) return false;
        throw error;
      }
    },
    close: () => sqs.close(),
  };
}

async function connect(connection: AwsConnection) {
  const sdk = await import("./sqs-sdk.ts");
  return { sdk, client: new sdk.SQSClient(clientConfig(connection, MAX_WAIT_MS + 5_000)) };
}

function secondsOf(milliseconds: number): number {
  return Math.min(MAX_HIDDEN_SECONDS, Math.ceil(milliseconds / 1000));
}
