import { v1 } from "@google-cloud/pubsub";
import type { TestEngine } from "#shared/testing";
import type { EmulatorClient } from "../drivers/emulator-client.ts";
import type { PubSubOptions } from "../drivers/queue-pubsub.ts";
import { startJavaEmulator } from "./java-emulator.conformance.ts";

/** Google's own Pub/Sub emulator, in memory. It ignores subscription filters. */
export type PubSubEmulator = TestEngine & {
  readonly client: EmulatorClient;
  readonly options: PubSubOptions;
  /** Takes the bodies that are there out of a queue. */
  receive(queue: string): Promise<string[]>;
};

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
    receive: (queue) => pullAll(subscriber, subscriptionOf(queue)),
    async stop() {
      await Promise.all([publisher.close(), subscriber.close()]);
      await emulator.stop();
    },
  };
}

function subscriptionOf(queue: string): string {
  return `projects/${PROJECT}/subscriptions/${queue}`;
}

async function pullAll(client: v1.SubscriberClient, subscription: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const request = { subscription, maxMessages: PULL_MESSAGES, returnImmediately: true };
    const [{ receivedMessages }] = await client.pull(request);
    const received = receivedMessages ?? [];
    if (received.length === 0) return bodies;
    bodies.push(...received.map(({ message }) => Buffer.from(message?.data ?? "").toString()));
    await client.acknowledge({ subscription, ackIds: received.map(({ ackId }) => ackId ?? "") });
  }
}
