import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { type EmulatorClient, emulatorClient } from "./drivers/emulator-client.ts";
import type { PubSubOptions } from "./drivers/pubsub-publish.ts";
import { pubsubQueue } from "./drivers/queue-pubsub.ts";
import { firestoreState } from "./drivers/state-firestore.ts";

/**
 * The services of Google Cloud that a function works on, as its settings name them; credentials are the environment's
 * own, or none with an emulator. No SDK is loaded before a service is used. Throws `failed_precondition` for a setting
 * that is missing.
 */
export async function gcpServices(settings: Settings): Promise<Pick<Ports, "state" | "queue">> {
  const project = requiredSetting(settings, "GOOGLE_CLOUD_PROJECT", "the project");
  const database = settings["AUTERITY_FIRESTORE_DATABASE"];
  return {
    state: firestoreState({
      project,
      ...(database === undefined ? {} : { database }),
      ...(await clientOf(settings["FIRESTORE_EMULATOR_HOST"])),
    }),
    queue: pubsubQueue(await pubsubOptions(settings)),
  };
}

/** How the settings say that Pub/Sub is reached. */
export async function pubsubOptions(settings: Settings): Promise<PubSubOptions> {
  const project = requiredSetting(settings, "GOOGLE_CLOUD_PROJECT", "the project");
  return { project, ...(await clientOf(settings["PUBSUB_EMULATOR_HOST"])) };
}

async function clientOf(emulator: string | undefined): Promise<{ client?: EmulatorClient }> {
  return emulator === undefined ? {} : { client: await emulatorClient(emulator) };
}
