export type { SecretDriver, SecretValue } from "./driver.ts";
export { memorySecrets } from "./memory.ts";
export { Redacted } from "./redacted.ts";
export { secret, type SecretClient, secretReader, type SecretRef } from "./secret.ts";
export { SecretReader } from "./secret-reader.ts";
