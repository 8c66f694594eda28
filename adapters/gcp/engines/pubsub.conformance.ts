import { v1 } from "@google-cloud/pubsub";
import type { TestEngine } from "#shared/testing";
import type { Subscription } from "#shared/topic";
import type { PubSubOptions } from "../drivers/pubsub-publish.ts";
import { pubsubTopicName } from "../drivers/topic-pubsub.ts";
import type { EmulatorClient } from "../drivers/emulator-client.ts";
import { startJavaEmulator } from "./java-emulator.conformance.ts";

/** Google's own Pub/Sub emulator, in memory. It ignores subscription filters. */
export type PubSubEmulator = TestEngine & {
  readonly client: EmulatorClient;
  readonly options: PubSubOptions;
  /** Takes the bodies that are there out of a queue. */
  receive(queue: string): Promise<string[]>;
  /** Makes a topic with its subscriptions, which are named after the subscribers' queues. */
  addTopic(topic: string, subscriptions: readonly Subscription[]): Promise<void>;
  /** Takes what is there out of a subscription, each as the body of a push. */
  receivePushes(queue: string): Promise<string[]>;
};

type Pulled = { readonly data: Buffer; readonly attributes: object; readonly messageId: string };

const PROJECT = "auterity";
const PULL_MESSAGES = 1_000;

/** Starts it with these queues. Throws `EngineMissing` where it is not installed. */
export async function startPubSubEmulator(queues: readonly string[]): Promise<PubSubEmulator> {
  const emulator = await startJavaEmulator({
    name: "the Pub/Sub emulator",
    variable: "PUBSUB_EMULATOR_JAR",
    folder: "platform/pubsub-emulator/lib",
    archive: /^cloud-pubsub-emulator.*\.jar$/,
    mainClass: "com.google.cloud.pubsub.testing.v1.Main",
  });
  const publisher = new v1.PublisherClient(emulator.client);
  const subscriber = new v1.SubscriberClient(emulator.client);
  for (const queue of queues) {
    const topic = `projects/${PROJECT}/topics/${queue}`;
    await publisher.createTopic({ name: topic });
    const deadLetterPolicy = { deadLetterTopic: topic, maxDeliveryAttempts: 100 };
    await subscriber.createSubscription({ name: subscriptionOf(queue), topic, deadLetterPolicy });
  }
  return {
    client: emulator.client,
    options: { project: PROJECT, client: emulator.client },
    async receive(queue) {
      const messages = await pullAll(subscriber, subscriptionOf(queue));
      return messages.map(({ data }) => data.toString());
    },
    async addTopic(topic, subscriptions) {
      const path = `projects/${PROJECT}/topics/${pubsubTopicName(topic)}`;
      await publisher.createTopic({ name: path });
      for (const { queue, types } of subscriptions.filter((each) => each.topic === topic)) {
        const filter = types.map((type) => `attributes."ce-type" = "${type}"`).join(" OR ");
        const subscription = { name: subscriptionOf(queue), topic: path, filter };
        await subscriber.createSubscription(subscription);
      }
    },
    async receivePushes(queue) {
      const subscription = subscriptionOf(queue);
      const messages = await pullAll(subscriber, subscription);
      return messages.map(({ data, ...message }) =>
        JSON.stringify({ message: { ...message, data: data.toString("base64") }, subscription }),
      );
    },
    async stop() {
      await Promise.all([publisher.close(), subscriber.close()]);
      await emulator.stop();
    },
  };
}

function subscriptionOf(queue: string): string {
  return `projects/${PROJECT}/subscriptions/${queue}`;
}

async function pullAll(client: v1.SubscriberClient, subscription: string): Promise<Pulled[]> {
  const pulled: Pulled[] = [];
  for (;;) {
    const request = { subscription, maxMessages: PULL_MESSAGES, returnImmediately: true };
    const [{ receivedMessages }] = await client.pull(request);
    const received = receivedMessages ?? [];
    if (received.length === 0) return pulled;
    for (const { message } of received) {
      pulled.push({
        data: Buffer.from(message?.data ?? ""),
        attributes: message?.attributes ?? {},
        messageId: message?.messageId ?? "",
      });
    }
    await client.acknowledge({ subscription, ackIds: received.map(({ ackId }) => ackId ?? "") });
  }
}
