import type { Ports, Settings } from "#shared/function";
import { secretManagerSecrets } from "../drivers/secrets-secret-manager.ts";
import { namedSettings } from "./client-settings.ts";

/** Secrets of Secret Manager. Throws `failed_precondition` for a setting that is missing. */
export async function gcpSecrets(settings: Settings): Promise<Ports["secrets"]> {
  return secretManagerSecrets(await namedSettings(settings, "SECRET_MANAGER_EMULATOR_HOST"));
}
