import { requiredSetting, type Settings } from "#shared/function";
import { type EmulatorClient, emulatorClient } from "../drivers/emulator-client.ts";

/** How a driver reaches its service: with the environment's own credentials, or none at an emulator. */
export type ClientSettings = { readonly project: string; readonly client?: EmulatorClient };

/**
 * The project `GOOGLE_CLOUD_PROJECT`, and a client for the emulator where the setting of that name has its address.
 * Throws `failed_precondition` where the project is missing.
 */
export async function clientSettings(
  settings: Settings,
  emulator: string,
): Promise<ClientSettings> {
  const project = requiredSetting(settings, "GOOGLE_CLOUD_PROJECT", "the project");
  const address = settings[emulator];
  return address === undefined ? { project } : { project, client: await emulatorClient(address) };
}

/** As {@link clientSettings}, with what `AUTERITY_NAME_PREFIX` puts before the names of queues, topics and secrets. */
export async function namedSettings(
  settings: Settings,
  emulator: string,
): Promise<ClientSettings & { readonly namePrefix: string }> {
  const namePrefix = settings["AUTERITY_NAME_PREFIX"] ?? "";
  return { ...(await clientSettings(settings, emulator)), namePrefix };
}
