import type { SecretDriver } from "#shared/secrets";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Secrets from the environment: `connections/default/<integration>/default/<field>` is
 * `AUTERITY_SECRET_<INTEGRATION>_<FIELD>`, any other name `AUTERITY_SECRET_<NAME>`. Locally there is the tenant
 * `default` with the connection `default` and no other. An empty variable counts as no secret.
 */
export function localSecrets(environment: Environment): SecretDriver {
  return {
    name: "environment",
    async read(name, signal) {
      signal?.throwIfAborted();
      const variable = secretVariable(name);
      const value = variable === undefined ? undefined : environment[variable];
      return value === undefined || value === "" ? undefined : { value, version: "environment" };
    },
    codeOf: () => undefined,
    async close() {},
  };
}

/** The variable a secret is read from; `undefined` for a connection that cannot exist locally. */
export function secretVariable(name: string): string | undefined {
  const [kind, tenant, integration, connection, ...field] = name.split("/");
  if (kind !== "connections") return variableOf(name);
  if (tenant !== "default" || connection !== "default" || integration === undefined) {
    return undefined;
  }
  return field.length === 1 ? variableOf(`${integration}-${field[0]}`) : undefined;
}

function variableOf(name: string): string {
  return `AUTERITY_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
