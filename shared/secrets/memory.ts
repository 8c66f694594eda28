import type { SecretDriver } from "./driver.ts";

/** Reference driver over a fixed record; nothing in it is ever rotated, so all versions are the first. */
export function memorySecrets(secrets: Readonly<Record<string, string>>): SecretDriver {
  return {
    name: "memory",
    async read(name, signal) {
      signal?.throwIfAborted();
      return Object.hasOwn(secrets, name) ? found(secrets[name]) : undefined;
    },
    codeOf: () => undefined,
    async close() {},
  };
}

function found(value: string | undefined): { value: string; version: string } | undefined {
  return value === undefined ? undefined : { value, version: "1" };
}
