import { startFauxqs } from "fauxqs";
import type { TestEngine } from "#shared/testing";
import type { Subscription } from "#shared/topic";
import type { SqsOptions } from "../drivers/queue-sqs.ts";
import type { SnsOptions } from "../drivers/topic-sns.ts";

/** An SQS and an SNS in this process, which keep the time of this process's `Date`. */
export type Fauxqs = TestEngine & {
  readonly options: Required<SqsOptions & SnsOptions>;
  /** Makes a topic with its subscribers' queues. */
  addTopic(
    topic: string,
    subscriptions: readonly Subscription[],
    options?: { readonly raw: boolean },
  ): void;
};

const ACCOUNT = "000000000000";

/** Starts fauxqs on a free port with these queues. */
export async function startFauxqsEngine(queues: readonly string[]): Promise<Fauxqs> {
  const server = await startFauxqs({ port: 0, logger: false });
  for (const queue of queues) server.createQueue(queue);
  const endpoint = `http://127.0.0.1:${server.port}`;
  const region = "us-east-1";
  return {
    options: {
      region,
      endpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      baseUrl: `${endpoint}/${ACCOUNT}`,
      arnPrefix: `arn:aws:sns:${region}:${ACCOUNT}`,
      namePrefix: "",
    },
    addTopic(topic, subscriptions, { raw } = { raw: true }) {
      server.createTopic(topic);
      for (const { queue, types } of subscriptions.filter((each) => each.topic === topic)) {
        server.createQueue(queue);
        const attributes = {
          FilterPolicy: JSON.stringify({ "ce-type": types }),
          RawMessageDelivery: String(raw),
        };
        server.subscribe({ topic, queue, attributes });
      }
    },
    stop: () => server.stop(),
  };
}
