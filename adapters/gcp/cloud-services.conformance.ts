import { setTimeout as sleep } from "node:timers/promises";
import { catchUp } from "#shared/testing";
import { conformanceQueues, queueConformance } from "../../shared/queue/conformance.ts";
import { receiveAll } from "../../shared/queue/receive-all.conformance.ts";
import { receiverConformance } from "../../shared/queue/receiver.conformance.ts";
import { stateConformance } from "../../shared/state/conformance.ts";
import { pubsubReceiver } from "./drivers/queue-pubsub-receiver.ts";
import { namedSettings } from "./services/client-settings.ts";
import { gcpQueue } from "./services/queue.ts";
import { gcpState } from "./services/state.ts";

// Against the services that the settings of a deployment name; topics and subscriptions of the suites have to exist.
const state = await gcpState(process.env);
const driver = await gcpQueue(process.env);
const options = await namedSettings(process.env, "PUBSUB_EMULATOR_HOST");
const [queue] = conformanceQueues;
const engine = "the service";
const except = { S16: "a service is there before its driver is" };

stateConformance("Firestore", {
  engine,
  except,
  open: async () => ({ ...state, close: async () => {} }),
});

queueConformance("Pub/Sub", {
  engine,
  open: async (clock) => ({ ...driver, close: async () => {}, tell: catchUp(clock) }),
  async receive({ tell }, name) {
    await tell();
    return receiveAll(pubsubReceiver(options), name);
  },
  except: { Q19: "Pub/Sub holds no single message back" },
});

receiverConformance("Pub/Sub", {
  engine,
  queue,
  leaseSeconds: 10,
  open: async () => ({
    driver: { ...driver, close: async () => {} },
    receiver: pubsubReceiver(options),
  }),
  pass: (milliseconds) => sleep(milliseconds),
  except: { R06: "Pub/Sub takes a late settlement without a word" },
});
