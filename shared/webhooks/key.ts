import { createPublicKey, type KeyObject } from "node:crypto";
import { decodeStrict } from "./encoding.ts";
import type { HmacScheme } from "./scheme.ts";

/** Shorter keys are guessed or were never set; NIST SP 800-107 asks for 112 bits at least. */
const MIN_SECRET_BYTES = 16;

/** The key bytes of an HMAC secret; `undefined` counts as not configured: too short, or not in its encoding. */
export function hmacKey(
  scheme: Pick<HmacScheme, "secret">,
  secret: string,
): Uint8Array | undefined {
  const key =
    scheme.secret === undefined || scheme.secret === "utf8"
      ? Buffer.from(secret)
      : decodeStrict(scheme.secret === "whsec" ? secret.replace(/^whsec_/, "") : secret, "base64");
  return key !== undefined && key.length >= MIN_SECRET_BYTES ? key : undefined;
}

/** An Ed25519 public key from its 32 bytes in hex; `undefined` for anything else. */
export function ed25519Key(secret: string): KeyObject | undefined {
  const raw = decodeStrict(secret, "hex");
  if (raw?.length !== 32) return undefined;
  // node:crypto takes a raw point only as JWK: https://www.rfc-editor.org/rfc/rfc8037
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x } });
}
