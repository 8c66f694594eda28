import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { decodeStrict, parseObject } from "./encoding.ts";
import { readField } from "./place.ts";

/** A JSON Web Token (https://www.rfc-editor.org/rfc/rfc7519), taken apart and not yet believed. */
export type Token = {
  readonly header: object;
  readonly claims: object;
  /** What is signed. */
  readonly content: string;
  readonly signature: Uint8Array;
};

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2_048;

/** Takes a token apart; `undefined` for what is none. */
export function readToken(text: string): Token | undefined {
  const [head, body, proof, ...more] = text
    .split(".")
    .map((part) => decodeStrict(part, "base64url"));
  if (head === undefined || body === undefined || proof === undefined || more.length > 0) {
    return undefined;
  }
  const [header, claims] = [parseObject(head), parseObject(body)];
  if (header === undefined || claims === undefined) return undefined;
  return { header, claims, content: text.slice(0, text.lastIndexOf(".")), signature: proof };
}

/**
 * The public key that a token's header names (https://www.rfc-editor.org/rfc/rfc7517): `"absent"` if the set does not have
 * it, which a newer set may; `undefined` if it is not for the token's algorithm, which the caller has pinned before.
 */
export function keyNamed(header: object, jwks: unknown): KeyObject | "absent" | undefined {
  const kid = readField(header, "kid");
  if (typeof kid !== "string") return undefined;
  const keys = readField(jwks, "keys");
  const found: unknown = Array.isArray(keys)
    ? keys.find((key: unknown) => readField(key, "kid") === kid)
    : undefined;
  return found === undefined ? "absent" : toKey(found, readField(header, "alg"));
}

/** Whether a key's other half signed a token. */
export function isSignedWith(key: KeyObject, { content, signature }: Token): boolean {
  const encoded = { key, dsaEncoding: "ieee-p1363" } as const;
  return verify("sha256", Buffer.from(content), encoded, signature);
}

/** A public key that this algorithm is for; `undefined` for any other. */
function toKey(jwk: unknown, alg: unknown): KeyObject | undefined {
  const text = (name: string): string => String(readField(jwk, name));
  const use = [readField(jwk, "alg") ?? alg, readField(jwk, "use") ?? "sig"];
  if (use[0] !== alg || use[1] !== "sig") return undefined;
  const members =
    alg === "RS256"
      ? { kty: "RSA", n: text("n"), e: text("e") }
      : { kty: "EC", crv: "P-256", x: text("x"), y: text("y") };
  if (text("kty") !== members.kty) return undefined;
  try {
    const key = createPublicKey({ format: "jwk", key: members });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits === undefined || bits >= MIN_RSA_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}
