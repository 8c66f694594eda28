import { createHmac, createPublicKey, type KeyObject, verify } from "node:crypto";
import { decodeStrict, parseObject } from "../encoding.ts";
import { equalBytes, hmacKey, isOneOf } from "../key.ts";
import { readField } from "../place.ts";
import { accepted, refuse, type Trust, type Verdict, type WebhookRequest } from "../request.ts";
import type { JwtScheme } from "../scheme.ts";

/** How long published keys are believed, and how soon a key that is not among them is looked for again. */
const KEYS_MAX_AGE_MS = 3_600_000;
const KEYS_MIN_AGE_MS = 60_000;
/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2_048;

type Token = {
  readonly header: object;
  readonly claims: object;
  readonly content: string;
  readonly signature: Uint8Array;
};

/** Decides about a JSON Web Token (RFC 7519, RFC 8725). Nothing is fetched before all else is right. */
export async function verifyJwt(
  scheme: JwtScheme,
  request: WebhookRequest,
  trust: Trust,
): Promise<Verdict> {
  const secrets = trust.secrets.filter((secret) => secret !== "");
  if (secrets.length === 0) return refuse("no-secret");
  const value = request.headers[scheme.header];
  if (value === undefined || value === "") return refuse("missing-signature");
  const { prefix = "", keys } = scheme;
  const token = value.startsWith(prefix) ? readToken(value.slice(prefix.length)) : undefined;
  if (token === undefined) return refuse("malformed-signature");
  const pinned: readonly unknown[] = "jwks" in keys ? keys.algorithms : keys.shared;
  const alg = readField(token.header, "alg");
  // An extension that must be understood is not (https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11).
  const plain = pinned.includes(alg) && readField(token.header, "crit") === undefined;
  if (!plain) return refuse("wrong-algorithm");
  const claimed = checkClaims(scheme, token.claims, request.url, trust);
  if (!claimed.ok) return claimed;
  if ("shared" in keys) return verifyShared(token, alg === "HS512" ? "sha512" : "sha256", secrets);
  const key = await findKey(keys.jwks, token.header, trust);
  if (key === undefined) return refuse("unknown-key");
  const encoded = { key, dsaEncoding: "ieee-p1363" } as const;
  const valid = verify("sha256", Buffer.from(token.content), encoded, token.signature);
  return valid ? accepted : refuse("wrong-signature");
}

function verifyShared(
  token: Token,
  hash: "sha256" | "sha512",
  secrets: readonly string[],
): Verdict {
  const keys = secrets.flatMap((secret) => hmacKey(secret) ?? []);
  if (keys.length === 0) return refuse("no-secret");
  const valid = keys.some((key) =>
    equalBytes(createHmac(hash, key).update(token.content).digest(), token.signature),
  );
  return valid ? accepted : refuse("wrong-signature");
}

function readToken(text: string): Token | undefined {
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

function checkClaims(scheme: JwtScheme, claims: object, url: string, trust: Trust): Verdict {
  const { keys, issuers, toleranceSeconds } = scheme;
  const who: readonly string[] = "jwks" in keys ? keys.who : [];
  const read = (name: string): unknown => readField(claims, name);
  const now = trust.nowMs / 1000;
  const [expires, issued, from] = [read("exp"), read("iat") ?? now, read("nbf") ?? now];
  if (typeof expires !== "number" || typeof issued !== "number" || typeof from !== "number") {
    return refuse("malformed-timestamp");
  }
  const begun = Math.max(issued, from) - toleranceSeconds <= now;
  if (!begun || expires + toleranceSeconds <= now) return refuse("stale");
  const named = who.map(read).filter((value) => typeof value === "string" && value !== "");
  if (named.length < who.length) return refuse("wrong-sender");
  if (who.length > 0 && !isOneOf(trust.secrets, named.join(" "))) return refuse("wrong-sender");
  const expected = issuers?.map((issuer) =>
    issuer.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      who.includes(name) ? String(read(name)) : "",
    ),
  );
  const right =
    expected?.some((issuer) => issuer === read("iss")) !== false &&
    (who.includes("aud") || [read("aud")].flat().includes(url)) &&
    Object.entries(scheme.claims ?? {}).every(([name, value]) => read(name) === value);
  return right ? accepted : refuse("wrong-claim");
}

/** The key that the token names. Keys are renewed, so one that is not there is looked for again, once a minute. */
async function findKey(
  jwks: string,
  header: object,
  { documents }: Trust,
): Promise<KeyObject | undefined> {
  const kid = readField(header, "kid");
  if (typeof kid !== "string") return undefined;
  for (const maxAgeMs of [KEYS_MAX_AGE_MS, KEYS_MIN_AGE_MS]) {
    const keys = readField(parseObject(await documents.kept(jwks, maxAgeMs)), "keys");
    const found: unknown = Array.isArray(keys)
      ? keys.find((key: unknown) => readField(key, "kid") === kid)
      : undefined;
    if (found !== undefined) return toKey(found, readField(header, "alg"));
  }
  return undefined;
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
