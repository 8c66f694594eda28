import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { decodeStrict } from "./encoding.ts";
import type { SecretEncoding } from "./scheme.ts";

/** Shorter keys are guessed or were never set; NIST SP 800-107 asks for 112 bits at least. */
const MIN_SECRET_BYTES = 16;

/** The key bytes of an HMAC secret; `undefined` counts as not configured: too short, or not in its encoding. */
export function hmacKey(secret: string, encoding: SecretEncoding = "utf8"): Uint8Array | undefined {
  const key =
    encoding === "utf8"
      ? Buffer.from(secret)
      : decodeStrict(encoding === "whsec" ? secret.replace(/^whsec_/, "") : secret, "base64");
  return key !== undefined && key.length >= MIN_SECRET_BYTES ? key : undefined;
}

/** An Ed25519 public key from its 32 bytes, in hex or in base64 after `whpk_`; `undefined` for anything else. */
export function ed25519Key(secret: string): KeyObject | undefined {
  const raw = secret.startsWith("whpk_")
    ? decodeStrict(secret.slice("whpk_".length), "base64")
    : decodeStrict(secret, "hex");
  if (raw?.length !== 32) return undefined;
  // node:crypto takes a raw point only as JWK: https://www.rfc-editor.org/rfc/rfc8037
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
}

/** A P-256 public key from its base64 SPKI; `undefined` for anything else. */
export function ecdsaKey(secret: string): KeyObject | undefined {
  const der = decodeStrict(secret, "base64");
  if (der === undefined) return undefined;
  try {
    const key = createPublicKey({ format: "der", type: "spki", key: Buffer.from(der) });
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whether bytes are equal, in a time that tells nothing about where they differ. */
export function equalBytes(expected: Uint8Array, given: Uint8Array): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Whether a text is one of the secrets, in a time that tells nothing about them. */
export function isOneOf(secrets: readonly string[], given: string): boolean {
  const wanted = digest(given);
  return secrets.filter((secret) => timingSafeEqual(digest(secret), wanted)).length > 0;
}

/** The secrets that may be compared as they are. */
export function usableSecrets(secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) => hmacKey(secret) !== undefined);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
