import { createHash, createHmac, timingSafeEqual, verify } from "node:crypto";
import { type SignedParts, signedContent } from "./content.ts";
import { decodeStrict } from "./encoding.ts";
import { ed25519Key, hmacKey } from "./key.ts";
import { type SignedScheme, type TimestampRule, toSigned, type WebhookScheme } from "./scheme.ts";
import type { StaticHeaderScheme } from "./scheme.ts";

/** A webhook as it came: lower-case header names, repeated ones joined by ", ", and the untouched bytes. */
export type WebhookRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

/** Why a webhook is not believed. Goes into logs and metrics; the sender only learns that it was refused. */
export type Refusal =
  | "no-secret"
  | "encoded-body"
  | "missing-signature"
  | "malformed-signature"
  | "missing-timestamp"
  | "malformed-timestamp"
  | "stale"
  | "missing-id"
  | "malformed-id"
  | "wrong-signature";

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: Refusal };

/** More signatures than any vendor sends at once; each costs an HMAC. */
const MAX_SIGNATURES = 5;

/**
 * Decides whether a webhook is the vendor's. Closed by default: without a usable secret nothing is accepted.
 * `secrets` are tried in turn, for rotation. Compares in constant time and only equal lengths. Never throws.
 */
export function verifyWebhook(
  scheme: WebhookScheme,
  request: WebhookRequest,
  secrets: readonly string[],
  nowMs: number,
): Verdict {
  // A signature holds over bytes; bytes that somebody must inflate first are not those the vendor signed.
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") return refuse("encoded-body");
  if (scheme.kind === "static-header") return verifyStatic(scheme, request, secrets);
  const signed = toSigned(scheme);
  return signed === undefined ? refuse("no-secret") : verifySigned(signed, request, secrets, nowMs);
}

function verifySigned(
  scheme: SignedScheme,
  request: WebhookRequest,
  secrets: readonly string[],
  nowMs: number,
): Verdict {
  const checks = secrets.flatMap((secret) => checkWith(scheme, secret) ?? []);
  if (checks.length === 0) return refuse("no-secret");
  const signatures = readSignatures(scheme, request.headers[scheme.header]);
  if (typeof signatures === "string") return refuse(signatures);
  const timestamp = readTimestamp(scheme.timestamp, request.headers, nowMs);
  if (!timestamp.ok) return timestamp;
  const id = readId(scheme.idHeader, request.headers);
  if (!id.ok) return id;
  const parts: SignedParts = { body: request.body, timestamp: timestamp.value, id: id.value };
  const content = signedContent(scheme, parts);
  const valid = checks.some((check) => signatures.some((signature) => check(content, signature)));
  return valid ? { ok: true } : refuse("wrong-signature");
}

type Check = (content: Uint8Array, signature: Uint8Array) => boolean;

function checkWith(scheme: SignedScheme, secret: string): Check | undefined {
  if (scheme.kind === "ed25519") {
    const key = ed25519Key(secret);
    return key && ((content, signature) => verify(null, content, key, signature));
  }
  const key = hmacKey(scheme, secret);
  if (key === undefined) return undefined;
  return (content, signature) =>
    equal(createHmac(scheme.algorithm, key).update(content).digest(), signature);
}

function verifyStatic(
  { header, prefix = "" }: StaticHeaderScheme,
  { headers }: WebhookRequest,
  secrets: readonly string[],
): Verdict {
  const usable = secrets.filter((secret) => hmacKey({}, secret) !== undefined);
  if (usable.length === 0) return refuse("no-secret");
  const value = headers[header];
  if (value === undefined) return refuse("missing-signature");
  if (!value.startsWith(prefix)) return refuse("malformed-signature");
  const given = digest(value.slice(prefix.length));
  const valid = usable.some((secret) => timingSafeEqual(digest(secret), given));
  return valid ? { ok: true } : refuse("wrong-signature");
}

function readSignatures(
  scheme: SignedScheme,
  header: string | undefined,
): readonly Uint8Array[] | Refusal {
  if (header === undefined || header === "") return "missing-signature";
  const items = scheme.separator === undefined ? [header] : header.split(scheme.separator);
  // A header sent twice arrives joined by ", ": its second half starts with a blank and ends here.
  const separate = items.every((item) => /^[!-~]+$/.test(item));
  if (!separate || items.length > MAX_SIGNATURES) return "malformed-signature";
  const { prefix = "" } = scheme;
  // Vendors add versions beside the one we read (`v1a,` after `v1,`); without a separator nothing may differ.
  const known = items.filter((item) => item.startsWith(prefix));
  const signatures = known.map((item) => decodeStrict(item.slice(prefix.length), scheme.encoding));
  const decoded = signatures.filter((signature) => signature !== undefined);
  const strict = decoded.length === known.length && decoded.length > 0;
  return strict ? decoded : "malformed-signature";
}

type Read =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly reason: Refusal };

const digits = { seconds: /^[1-9]\d{9}$/, milliseconds: /^[1-9]\d{12}$/ };

function readTimestamp(
  rule: TimestampRule | undefined,
  headers: WebhookRequest["headers"],
  nowMs: number,
): Read {
  if (rule === undefined) return { ok: true, value: undefined };
  const value = headers[rule.header];
  if (value === undefined || value === "") return refuse("missing-timestamp");
  // Number() would also take spaces, signs, hex and fractions: many texts for one time.
  if (!digits[rule.unit].test(value)) return refuse("malformed-timestamp");
  const atMs = Number(value) * (rule.unit === "seconds" ? 1000 : 1);
  if (Math.abs(nowMs - atMs) > rule.toleranceSeconds * 1000) return refuse("stale");
  return { ok: true, value };
}

function readId(header: string | undefined, headers: WebhookRequest["headers"]): Read {
  if (header === undefined) return { ok: true, value: undefined };
  const value = headers[header];
  if (value === undefined || value === "") return refuse("missing-id");
  // A dot in the id would let one signature stand for two readings of `id.timestamp.body`.
  return /^[\w-]{1,128}$/.test(value) ? { ok: true, value } : refuse("malformed-id");
}

function equal(expected: Uint8Array, given: Uint8Array): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

function refuse(reason: Refusal): { readonly ok: false; readonly reason: Refusal } {
  return { ok: false, reason };
}
