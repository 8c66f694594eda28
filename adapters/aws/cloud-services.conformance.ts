import { setTimeout as sleep } from "node:timers/promises";
import { requiredSetting } from "#shared/function";
import { catchUp } from "#shared/testing";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiveAll } from "../../shared/queue/receive-all.conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { sqsReceiver } from "./drivers/queue-sqs-receiver.ts";
import { awsQueue } from "./services/queue.ts";
import { awsState } from "./services/state.ts";

// Against the services that the settings of a deployment name; the queues of the suites have to exist.
const baseUrl = requiredSetting(
  process.env,
  "AUTERITY_QUEUE_URL",
  "what URLs of queues begin with",
);
const [queue] = conformanceQueues;
const engine = "the service";
const except = { S16: "a service is there before its driver is" };
const openQueue = async () => awsQueue(process.env);

stateConformance("DynamoDB", { engine, except, open: async () => awsState(process.env) });

queueConformance("SQS", {
  engine,
  open: async (clock) => ({ ...(await openQueue()), tell: catchUp(clock) }),
  async receive({ tell }, name) {
    await tell();
    return receiveAll(sqsReceiver({ baseUrl }), name);
  },
});

receiverConformance("SQS", {
  engine,
  queue,
  leaseSeconds: 5,
  open: async () => ({ driver: await openQueue(), receiver: sqsReceiver({ baseUrl }) }),
  pass: (milliseconds) => sleep(milliseconds),
});
