import type { FirestoreOptions } from "../drivers/state-firestore.ts";
import type { TestEngine } from "#shared/testing";
import type { EmulatorClient } from "../drivers/emulator-client.ts";
import { startJavaEmulator } from "./java-emulator.conformance.ts";

/** Google's own Firestore emulator, in memory. It deletes nothing by TTL and asks for no index. */
export type FirestoreEmulator = TestEngine & {
  readonly client: EmulatorClient;
  readonly options: FirestoreOptions;
};

/** Starts it. Throws `EngineMissing` where it is not installed. */
export async function startFirestoreEmulator(): Promise<FirestoreEmulator> {
  const emulator = await startJavaEmulator({
    name: "the Firestore emulator",
    variable: "FIRESTORE_EMULATOR_JAR",
    folder: "platform/cloud-firestore-emulator",
    archive: /^cloud-firestore-emulator.*\.jar$/,
    mainClass: "com.google.cloud.datastore.emulator.firestore.CloudFirestore",
  });
  return {
    client: emulator.client,
    options: { project: "auterity", client: emulator.client },
    stop: () => emulator.stop(),
  };
}
