import type { SecretDriver } from "#shared/secrets";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";

export type SecretsManagerOptions = AwsConnection & {
  /** Stands before the names of our secrets, so that deployments can share an account. */
  readonly namePrefix?: string;
};

/**
 * Secrets of AWS Secrets Manager under their own names, in the version labelled `AWSCURRENT`.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function secretsManager({
  namePrefix = "",
  ...connection
}: SecretsManagerOptions = {}): SecretDriver {
  const manager = lazyClient(async () => {
    const sdk = await import("./secrets-manager-sdk.ts");
    return { sdk, client: new sdk.SecretsManagerClient(clientConfig(connection)) };
  });
  return {
    name: "secrets-manager",
    async read(name, signal) {
      const { sdk, client } = await manager.get();
      try {
        const command = new sdk.GetSecretValueCommand({ SecretId: `${namePrefix}${name}` });
        const found = await client.send(command, until(signal));
        // Text that somebody stored as binary, which the console cannot do but the command line can.
        const value = found.SecretString ?? Buffer.from(found.SecretBinary ?? []).toString();
        return { value, version: found.VersionId ?? "" };
      } catch (error) {
        if (error instanceof sdk.ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    codeOf: codeOfAws,
    close: () => manager.close(),
  };
}
