import { lazily } from "#shared/function";
import type { SecretClient } from "@azure/keyvault-secrets";
import type { SecretDriver } from "#shared/secrets";
import type { AzureIdentity } from "./account.ts";
import { codeOfRest, during, serviceCode } from "./rest-client.ts";

export type KeyVaultOptions = {
  /** As `https://<name>.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly identity: AzureIdentity;
  /** The vault is on this machine and has neither TLS nor Azure's domain. */
  readonly emulator?: boolean;
};

/** Secrets in Azure Key Vault, in their latest enabled version, under the names that {@link vaultName} gives. */
export function keyVaultSecrets(options: KeyVaultOptions): SecretDriver {
  const connect = lazily(() => connectTo(options));
  return {
    name: "azure-key-vault",
    async read(name, signal) {
      try {
        const client = await connect();
        const { value, properties } = await client.getSecret(vaultName(name), during(signal));
        return value === undefined ? undefined : { value, version: properties.version ?? "" };
      } catch (error) {
        if (serviceCode(error) === "SecretNotFound") return undefined;
        throw error;
      }
    },
    codeOf: codeOfRest,
    async close() {},
  };
}

/**
 * The name of a secret in a vault, which takes letters, digits and hyphens and looks at no case
 * (https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates): a slash becomes two hyphens.
 * Where hyphens and slashes meet, they become binary digits between three hyphens, so that no two names are one.
 */
export function vaultName(name: string): string {
  return name.replaceAll(/[-/]+/g, (run) => {
    if (run === "-") return "-";
    if (run === "/") return "--";
    return `---${run.replaceAll("-", "0").replaceAll("/", "1")}---`;
  });
}

async function connectTo({ vaultUrl, identity, emulator }: KeyVaultOptions): Promise<SecretClient> {
  const { SecretClient: Client } = await import("@azure/keyvault-secrets");
  return new Client(vaultUrl, identity, {
    retryOptions: { maxRetries: 0 },
    ...(emulator === true
      ? { allowInsecureConnection: true, disableChallengeResourceVerification: true }
      : {}),
  });
}
