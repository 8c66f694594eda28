import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import { parseJson, type Ports } from "#shared/function";
import { secretReader } from "#shared/secrets";
import * as z from "zod";
import type { IdentityDriver } from "./driver.ts";

/** The secret that a deployment's API keys are looked up in. */
export const API_KEYS = "api-keys";

/** Identities by the SHA-256 of their key, in hexadecimal: the vault does not hold what a caller presents. */
const ApiKeys = z.record(
  z.string().regex(/^[0-9a-f]{64}$/),
  z.object({ tenant: z.string().min(1), subject: z.string().min(1) }),
);

/**
 * Identities of a deployment, from one JSON secret: `{"<sha256 of a key>": {"tenant": …, "subject": …}}`. Keys are long
 * and random, so a plain digest cannot be guessed backwards, and finding one among others by its digest tells nothing
 * about the key. A change in the vault counts within five minutes. Throws `failed_precondition` from `platform` where
 * the secret is missing or malformed: nobody is let in then.
 */
export function apiKeyIdentity(ports: Pick<Ports, "secrets" | "clock" | "random">): IdentityDriver {
  return {
    name: "api-keys",
    async identify(token) {
      const secret = await secretReader(ports).read(API_KEYS);
      if (secret === undefined) throw unusable("does not exist");
      const digest = createHash("sha256").update(token).digest("hex");
      const keys = keysOf(secret.reveal());
      return Object.hasOwn(keys, digest) ? keys[digest] : undefined;
    },
  };
}

function keysOf(text: string): z.infer<typeof ApiKeys> {
  let json: unknown;
  try {
    json = parseJson(text, { name: "identity.keys" });
  } catch {
    throw unusable("is no JSON");
  }
  const parsed = ApiKeys.safeParse(json);
  if (!parsed.success) throw unusable("does not map digests to a tenant and a subject");
  return parsed.data;
}

function unusable(what: string): Fault {
  return new Fault(
    "failed_precondition",
    `identity.keys: the secret "${API_KEYS}" ${what}; store {"<sha256>": {"tenant": "…", "subject": "…"}}`,
    { origin: "platform", details: { secret: API_KEYS } },
  );
}
