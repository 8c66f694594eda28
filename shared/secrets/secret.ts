import { Fault } from "#shared/errors";
import type { ClientScope, Grant, Ports } from "#shared/function";
import type { SecretDriver } from "./driver.ts";
import type { Redacted } from "./redacted.ts";
import { SecretReader } from "./secret-reader.ts";

/** What a function with the permission sees. */
export type SecretClient = {
  /** Throws `not_found` from `platform` when the vault has no such secret. */
  read(): Promise<Redacted>;
};

/** A secret of the deployment as a value: its name, never its content. */
export type SecretRef = {
  readonly kind: "secret";
  readonly name: string;
  grant(verb: "read"): Grant<SecretClient>;
};

// Key Vault names are the narrowest once the slash is mapped: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
const NAME = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;

/** Declares a secret. Throws `invalid_argument` for a name that is not `[a-z0-9-]` parts joined by `/`. */
export function secret(name: string): SecretRef {
  if (!NAME.test(name) || name.length > 120) {
    throw new Fault(
      "invalid_argument",
      `secrets.define: "${name}" is no portable name; use lower-case parts joined by "/"`,
    );
  }
  return {
    kind: "secret",
    name,
    grant: (verb) => ({
      kind: "secret",
      resource: name,
      verbs: [verb],
      connect: (ports, scope) => ({ read: () => readRequired(ports, name, scope) }),
    }),
  };
}

// One cache per vault, not per invocation: it lives exactly as long as the driver it reads.
const readers = new WeakMap<SecretDriver, SecretReader>();

/** The process's reader of a host's vault. */
export function secretReader(ports: Pick<Ports, "secrets" | "clock" | "random">): SecretReader {
  const known = readers.get(ports.secrets);
  if (known !== undefined) return known;
  const reader = new SecretReader(ports.secrets, ports.clock, ports.random);
  readers.set(ports.secrets, reader);
  return reader;
}

async function readRequired(ports: Ports, name: string, scope: ClientScope): Promise<Redacted> {
  const found = await secretReader(ports).read(name, scope);
  if (found !== undefined) return found;
  throw new Fault("not_found", `secrets.read: there is no "${name}"; create it in the vault`, {
    origin: "platform",
    details: { name },
  });
}
