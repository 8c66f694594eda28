import { randomUUID } from "node:crypto";
import { listen } from "#shared/testing";
import { startSecretsManagerFake } from "../../adapters/aws/engines/secrets-manager.conformance.ts";
import { vaultName } from "../../adapters/azure/drivers/secrets-key-vault.ts";
import { startKeyVault } from "../../adapters/azure/engines/key-vault.conformance.ts";
import { secretId } from "../../adapters/gcp/drivers/secrets-secret-manager.ts";
import { startSecretManagerFake } from "../../adapters/gcp/engines/secret-manager.conformance.ts";
import type { Cloud } from "../../esbuild.config.ts";

type Secrets = Readonly<Record<string, string>>;

/** A vault with secrets in it, and what a function's environment has to say to reach it. */
export type SecretEngine = {
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Starts the vault of a cloud, on the wire, with these secrets by our names; `prefix` stands before them. */
export function startSecrets(
  cloud: Cloud,
  secrets: Secrets,
  prefix: string,
): Promise<SecretEngine> {
  return starters[cloud](secrets, prefix);
}

const starters = {
  async aws(secrets, prefix) {
    const fake = await startSecretsManagerFake();
    for (const [name, value] of Object.entries(secrets)) fake.put(`${prefix}${name}`, value);
    const { endpoint = "" } = fake.connection;
    return {
      settings: { AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint },
      stop: () => fake.stop(),
    };
  },
  async azure(secrets) {
    const named = Object.entries(secrets).map(([name, value]) => [vaultName(name), value]);
    const vault = await startKeyVault(Object.fromEntries(named));
    const token = await vault.identity.getToken("https://vault.azure.net/.default");
    const identity = await startManagedIdentity(token?.token ?? "");
    return {
      settings: { AUTERITY_VAULT_URL: vault.vaultUrl, ...identity.settings },
      async stop() {
        await Promise.all([vault.stop(), identity.stop()]);
      },
    };
  },
  async gcp(secrets, prefix) {
    const contents = Object.entries(secrets).map(
      ([name, value]) => [`${prefix}${secretId(name)}`, Buffer.from(value)] as const,
    );
    const fake = await startSecretManagerFake(new Map(contents));
    const { servicePath = "", port = 0 } = fake.options.client ?? {};
    return {
      settings: { SECRET_MANAGER_EMULATOR_HOST: `${servicePath}:${port}` },
      stop: () => fake.stop(),
    };
  },
} satisfies Record<Cloud, (secrets: Secrets, prefix: string) => Promise<SecretEngine>>;

/**
 * Where an app of Azure gets the tokens of its identity from:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
async function startManagedIdentity(token: string): Promise<SecretEngine> {
  const secret = randomUUID();
  const server = await listen((request, response) => {
    const { "x-identity-header": header } = request.headers;
    const resource = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("resource");
    if (header !== secret || resource === null) return void response.writeHead(400).end();
    const expires_on = String(Math.floor(Date.now() / 1000) + 3_600);
    const body = { access_token: token, expires_on, resource, token_type: "Bearer" };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return {
    settings: { IDENTITY_ENDPOINT: `${server.url}/msi/token`, IDENTITY_HEADER: secret },
    stop: () => server.close(),
  };
}
