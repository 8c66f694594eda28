import type { Code } from "#shared/errors";

export type SecretValue = { readonly value: string; readonly version: string };

/** Reads one secret from a vault. One attempt, no cache: the portable class has both. */
export interface SecretDriver {
  readonly name: string;
  /** `undefined` when the vault has no such secret. Names are `[a-z0-9-]` parts joined by `/`. */
  read(name: string, signal: AbortSignal | undefined): Promise<SecretValue | undefined>;
  codeOf(error: unknown): Code | undefined;
  close(): Promise<void>;
}
