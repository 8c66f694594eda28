import type { Ports, Settings } from "#shared/function";
import { secretsManager } from "../drivers/secrets-manager.ts";

/** Secrets of Secrets Manager, their names behind `AUTERITY_NAME_PREFIX`. */
export function awsSecrets(settings: Settings): Ports["secrets"] {
  return secretsManager({ namePrefix: settings["AUTERITY_NAME_PREFIX"] ?? "" });
}
