import { setTimeout as sleep } from "node:timers/promises";
import { catchUp } from "#shared/testing";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiveAll } from "../../shared/queue/receive-all.conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { storageQueueReceiver } from "./drivers/queue-storage-receiver.ts";
import { accountOf, azureServices } from "./services.ts";

// Against the services that the settings of a deployment name; the suites' container, table and queues have to exist.
const settings = { ...process.env, AUTERITY_QUEUE: "storage-queue" };
const open = (state: string) => azureServices({ ...settings, AUTERITY_STATE: state }, Date);
const openReceiver = () => storageQueueReceiver(accountOf(settings, "AUTERITY_QUEUE_ACCOUNT"));
const [queue] = conformanceQueues;
const engine = "the service";
const except = { S16: "a service is there before its driver is" };

stateConformance("Cosmos DB", { engine, except, open: async () => open("cosmos").state });
stateConformance("Table Storage", { engine, except, open: async () => open("table").state });

queueConformance("Storage Queue", {
  engine,
  open: async (clock) => ({ ...open("cosmos").queue, tell: catchUp(clock) }),
  async receive({ tell }, name) {
    await tell();
    return receiveAll(openReceiver(), name);
  },
});

receiverConformance("Storage Queue", {
  engine,
  queue,
  leaseSeconds: 5,
  open: async () => ({ driver: open("cosmos").queue, receiver: openReceiver() }),
  pass: (milliseconds) => sleep(milliseconds),
});
