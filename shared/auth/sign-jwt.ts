import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { Fault } from "#shared/errors";

/** A JSON Web Token signed with RS256: https://www.rfc-editor.org/rfc/rfc7519, https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
export function signJwt(
  claims: Readonly<Record<string, string | number>>,
  privateKeyPem: string,
  keyId?: string,
): string {
  const header = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  const text = [header, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  const signature = sign("RSA-SHA256", Buffer.from(text), readKey(privateKeyPem));
  return `${text}.${signature.toString("base64url")}`;
}

/** From a minute ago, because clocks differ, and for no longer than Google and GitHub allow. */
export function validFor(nowMs: number, seconds = 3_600): { iat: number; exp: number } {
  const now = Math.floor(nowMs / 1000);
  return { iat: now - 60, exp: now - 60 + seconds };
}

// Where a key has to stand on one line, its line breaks are written as two characters.
function readKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem.replaceAll(String.raw`\n`, "\n"));
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // What node says may quote the key.
  }
  throw new Fault(
    "failed_precondition",
    "auth.sign: the connection's private key is no RSA key in PEM; store the one the vendor gave out",
    { origin: "caller" },
  );
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}
