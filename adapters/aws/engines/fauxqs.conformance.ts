import { startFauxqs } from "fauxqs";
import type { SqsOptions } from "../drivers/queue-sqs.ts";
import type { TestEngine } from "#shared/testing";

/** An SQS in this process, which keeps the time of this process's `Date`. */
export type Fauxqs = TestEngine & { readonly options: Required<SqsOptions> };

/** Starts fauxqs on a free port with these queues. */
export async function startFauxqsEngine(queues: readonly string[]): Promise<Fauxqs> {
  const server = await startFauxqs({ port: 0, logger: false });
  for (const queue of queues) server.createQueue(queue);
  const endpoint = `http://127.0.0.1:${server.port}`;
  return {
    options: {
      region: "us-east-1",
      endpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      baseUrl: `${endpoint}/000000000000`,
    },
    stop: () => server.stop(),
  };
}
