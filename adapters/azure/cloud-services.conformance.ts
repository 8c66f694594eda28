import { setTimeout as sleep } from "node:timers/promises";
import { catchUp } from "#shared/testing";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiveAll } from "../../shared/queue/receive-all.conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { storageQueueReceiver } from "./drivers/queue-storage-receiver.ts";
import { accountSetting } from "./services/account-setting.ts";
import { azureQueue } from "./services/queue.ts";
import { azureState } from "./services/state.ts";

// Against the services that the settings of a deployment name; the suites' container, table and queues have to exist.
const settings = { ...process.env, AUTERITY_QUEUE: "storage-queue" };
const openState = (state: string) => azureState({ ...settings, AUTERITY_STATE: state }, Date);
const openQueue = () => azureQueue(settings, Date);
const openReceiver = () => storageQueueReceiver(accountSetting(settings, "AUTERITY_QUEUE_ACCOUNT"));
const [queue] = conformanceQueues;
const engine = "the service";
const except = { S16: "a service is there before its driver is" };

stateConformance("Cosmos DB", { engine, except, open: async () => openState("cosmos") });
stateConformance("Table Storage", { engine, except, open: async () => openState("table") });

queueConformance("Storage Queue", {
  engine,
  open: async (clock) => ({ ...openQueue(), tell: catchUp(clock) }),
  async receive({ tell }, name) {
    await tell();
    return receiveAll(openReceiver(), name);
  },
});

receiverConformance("Storage Queue", {
  engine,
  queue,
  leaseSeconds: 5,
  open: async () => ({ driver: openQueue(), receiver: openReceiver() }),
  pass: (milliseconds) => sleep(milliseconds),
});
