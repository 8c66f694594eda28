import { createHmac, type KeyObject } from "node:crypto";
import { parseObject } from "../encoding.ts";
import { equalBytes, hmacKey, isOneOf } from "../key.ts";
import { readField } from "../place.ts";
import { accepted, refuse, type Trust, type Verdict, type WebhookRequest } from "../request.ts";
import type { JwtScheme } from "../scheme.ts";
import { isSignedWith, keyNamed, readToken, type Token } from "../token.ts";

/** How long published keys are believed, and how soon a key that is not among them is looked for again. */
const KEYS_MAX_AGE_MS = 3_600_000;
const KEYS_MIN_AGE_MS = 60_000;

/** Decides about a JSON Web Token (RFC 7519, RFC 8725). Nothing is fetched before all else is right. */
export async function verifyJwt(
  scheme: JwtScheme,
  request: WebhookRequest,
  trust: Trust,
): Promise<Verdict> {
  const secrets = trust.secrets.filter((secret) => secret !== "");
  if (secrets.length === 0) return refuse("no-secret");
  const value = "field" in scheme ? inBody(scheme, request) : request.headers[scheme.header];
  if (value === undefined || value === "") return refuse("missing-signature");
  const { keys } = scheme;
  const prefix = "field" in scheme ? "" : (scheme.prefix ?? "");
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
  return isSignedWith(key, token) ? accepted : refuse("wrong-signature");
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

function inBody(
  { field }: { readonly field: string },
  { body }: WebhookRequest,
): string | undefined {
  const value = readField(parseObject(body), field);
  return typeof value === "string" ? value : undefined;
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
  for (const maxAgeMs of [KEYS_MAX_AGE_MS, KEYS_MIN_AGE_MS]) {
    const found = keyNamed(header, parseObject(await documents.kept(jwks, maxAgeMs)));
    if (found !== "absent") return found;
  }
  return undefined;
}
