import type { QueueReceiver } from "#shared/queue";
import { codeOfGoogle, connectLazily, singleAttempt, unlessAborted } from "./google-client.ts";
import type { PubSubOptions } from "./pubsub-publish.ts";

// https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/modifyAckDeadline
const MAX_LEASE_SECONDS = 600;
// https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/pull
const MAX_RECEIVED = 1_000;

/**
 * Pulls from the subscriptions named as the queues that the driver with the same options sends to. Deliveries are only
 * counted where the subscription has a dead-letter policy, and a settlement that comes too late is not told from one in
 * time (https://cloud.google.com/pubsub/docs/exactly-once-delivery).
 */
export function pubsubReceiver(options: PubSubOptions): QueueReceiver {
  const connection = connectLazily(async () => {
    const sdk = await import("./pubsub-sdk.ts");
    return new sdk.v1.SubscriberClient(options.client);
  });
  const subscriptionOf = (queue: string): string =>
    `projects/${options.project}/subscriptions/${queue}`;
  return {
    async receive(queue, { limit, leaseSeconds, waitSeconds = 0 }, signal) {
      const client = await connection.get();
      const subscription = subscriptionOf(queue);
      const maxMessages = Math.min(MAX_RECEIVED, limit);
      // Asked to return at once, the service may miss messages that are there: only for those who will not wait.
      const request = { subscription, maxMessages, returnImmediately: waitSeconds === 0 };
      const call = {
        ...singleAttempt,
        ...(waitSeconds > 0 ? { timeout: waitSeconds * 1_000 } : {}),
      };
      const [{ receivedMessages }] = await unlessAborted(signal, () =>
        client.pull(request, call),
      ).catch(nothingYet);
      const messages = receivedMessages ?? [];
      if (messages.length > 0) {
        const ackIds = messages.map(({ ackId }) => ackId ?? "");
        const ackDeadlineSeconds = Math.min(MAX_LEASE_SECONDS, leaseSeconds);
        await client.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds }, singleAttempt);
      }
      return messages.map(({ ackId, message, deliveryAttempt }) => ({
        handle: ackId ?? "",
        body: Buffer.from(message?.data ?? "").toString(),
        receiveCount: Math.max(1, deliveryAttempt ?? 1),
      }));
    },
    async settle(queue, handle, settlement) {
      const client = await connection.get();
      const message = { subscription: subscriptionOf(queue), ackIds: [handle] };
      if (settlement === "done") await client.acknowledge(message, singleAttempt);
      else {
        const seconds = Math.ceil(settlement.visibleAfterMs / 1_000);
        const ackDeadlineSeconds = Math.min(MAX_LEASE_SECONDS, seconds);
        await client.modifyAckDeadline({ ...message, ackDeadlineSeconds }, singleAttempt);
      }
      return true;
    },
    close: () => connection.close(),
  };
}

/** A pull that found nothing in its time ends as one that took too long. */
function nothingYet(error: unknown): [{ receivedMessages?: [] }] {
  if (codeOfGoogle(error) === "deadline_exceeded") return [{}];
  throw error;
}
