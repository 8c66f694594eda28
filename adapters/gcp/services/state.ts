import type { Ports, Settings } from "#shared/function";
import { firestoreState } from "../drivers/state-firestore.ts";
import { clientSettings } from "./client-settings.ts";

/**
 * State in Firestore, in the database `AUTERITY_FIRESTORE_DATABASE` or the project's default one. Throws
 * `failed_precondition` for a setting that is missing.
 */
export async function gcpState(settings: Settings): Promise<Ports["state"]> {
  const database = settings["AUTERITY_FIRESTORE_DATABASE"];
  return firestoreState({
    ...(await clientSettings(settings, "FIRESTORE_EMULATOR_HOST")),
    ...(database === undefined ? {} : { database }),
  });
}
