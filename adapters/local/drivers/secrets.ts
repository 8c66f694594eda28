import { Fault } from "#shared/errors";
import type { SecretDriver } from "#shared/secrets";

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "AUTERITY_SECRET_";
const DEFAULT_PREFIX = "AUTERITY_DEFAULT_SECRET_";

/**
 * Secrets from three places, the first that has one: the environment, the encrypted file of the data folder, and what
 * the product made for want of either.
 *
 * `connections/default/<integration>/default/<field>` is the variable `AUTERITY_SECRET_<INTEGRATION>_<FIELD>`, any
 * other name `AUTERITY_SECRET_<NAME>`; an empty variable counts as no secret. Locally there is the tenant `default` with
 * the connection `default` and, but for the file, no other.
 */
export function localSecrets(
  environment: Environment,
  dataFolder: string | undefined,
): SecretDriver {
  const variable = (
    name: string,
    prefix: string,
  ): { value: string; version: string } | undefined => {
    const value = environment[secretVariable(name, prefix) ?? ""] ?? "";
    return value === "" ? undefined : { value, version: "environment" };
  };
  // Read anew each time, so that a new value needs no restart.
  const stored = async (name: string): Promise<{ value: string; version: string } | undefined> => {
    if (dataFolder === undefined) return undefined;
    // A function without secrets starts without what opens them.
    const { readSecrets } = await import("../secrets/secret-file.ts");
    const found = readSecrets(dataFolder).find(({ sealed }) => sealed.name === name);
    return found && { value: found.value, version: String(found.sealed.version) };
  };
  return {
    name: "local",
    async read(name, signal) {
      signal?.throwIfAborted();
      const set = variable(name, PREFIX) ?? (await stored(name));
      return set ?? variable(name, DEFAULT_PREFIX);
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    async close() {},
  };
}

/** The variable a secret is read from; `undefined` for a connection that the environment cannot name. */
export function secretVariable(name: string, prefix = PREFIX): string | undefined {
  const [kind, tenant, integration, connection, ...field] = name.split("/");
  if (kind !== "connections") return variableOf(prefix, name);
  if (tenant !== "default" || connection !== "default" || integration === undefined) {
    return undefined;
  }
  return field.length === 1 ? variableOf(prefix, `${integration}-${field[0]}`) : undefined;
}

/** Where the product puts a secret that it made itself: the last place to look. */
export function defaultSecretVariable(name: string): string | undefined {
  return secretVariable(name, DEFAULT_PREFIX);
}

/** True for a variable that holds a secret of either kind, and so is no setting. */
export function isSecretVariable(variable: string): boolean {
  return variable.startsWith(PREFIX) || variable.startsWith(DEFAULT_PREFIX);
}

function variableOf(prefix: string, name: string): string {
  return `${prefix}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
