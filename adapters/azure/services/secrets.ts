import { type Ports, requiredSetting, type Settings } from "#shared/function";
import { keyVaultSecrets } from "../drivers/secrets-key-vault.ts";
import { identitySetting, isEmulator } from "./account-setting.ts";

/** Secrets of the vault `AUTERITY_VAULT_URL`. Throws `failed_precondition` where it is missing. */
export function azureSecrets(settings: Settings): Ports["secrets"] {
  const vaultUrl = requiredSetting(settings, "AUTERITY_VAULT_URL", "the vault of Key Vault");
  return keyVaultSecrets({
    vaultUrl,
    identity: identitySetting(settings),
    emulator: isEmulator(vaultUrl),
  });
}
