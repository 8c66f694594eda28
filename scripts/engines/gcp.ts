import type { EmulatorClient } from "../../adapters/gcp/drivers/emulator-client.ts";
import { pubsubReceiver } from "../../adapters/gcp/drivers/queue-pubsub-receiver.ts";
import { firestoreState } from "../../adapters/gcp/drivers/state-firestore.ts";
import { startFirestoreEmulator } from "../../adapters/gcp/engines/firestore.conformance.ts";
import { startPubSubEmulator } from "../../adapters/gcp/engines/pubsub.conformance.ts";
import type { DeployManifest } from "#shared/plan";
import type { CloudEngines } from "./cloud-engines.ts";

/** Google's own emulators of Firestore and Pub/Sub, in memory. */
export async function startGcpEngines({ queues }: DeployManifest): Promise<CloudEngines> {
  const [state, queue] = await Promise.all([
    startFirestoreEmulator(),
    startPubSubEmulator(queues.map(({ name }) => name)),
  ]);
  const receiver = pubsubReceiver(queue.options);
  const driver = firestoreState(state.options);
  return {
    names: ["Firestore emulator", "Pub/Sub emulator"],
    settings: {
      GOOGLE_CLOUD_PROJECT: state.options.project,
      FIRESTORE_EMULATOR_HOST: address(state.client),
      PUBSUB_EMULATOR_HOST: address(queue.client),
      METADATA_SERVER_DETECTION: "none",
    },
    state: driver,
    receiver,
    async stop() {
      await Promise.all([receiver.close(), driver.close()]);
      await Promise.all([state.stop(), queue.stop()]);
    },
  };
}

function address({ servicePath, port }: EmulatorClient): string {
  return `${servicePath}:${port}`;
}
