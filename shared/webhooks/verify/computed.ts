import { createHmac, verify } from "node:crypto";
import { signedContent } from "../content.ts";
import { parseObject } from "../encoding.ts";
import { ecdsaKey, ed25519Key, equalBytes, hmacKey } from "../key.ts";
import { readPlace } from "../place.ts";
import { readProof } from "./proof.ts";
import { accepted, refuse, type Trust, type Verdict, type WebhookRequest } from "../request.ts";
import { type ComputedScheme, formFor, type SignedScheme } from "../scheme.ts";
import { checkTimestamp } from "../timestamp.ts";

/** Decides about signatures over parts of the request: HMAC, Ed25519, ECDSA, lists and Standard Webhooks. */
export function verifyComputed(
  scheme: ComputedScheme,
  request: WebhookRequest,
  { secrets, nowMs }: Pick<Trust, "secrets" | "nowMs">,
): Verdict {
  let refused: Verdict | undefined;
  for (const secret of secrets) {
    const form = formFor(scheme, secret);
    const check = checkWith(form, secret);
    if (check === undefined) continue;
    const verdict = verifyForm(form, check, request, nowMs);
    if (verdict.ok) return verdict;
    refused ??= verdict;
  }
  return refused ?? refuse("no-secret");
}

type Check = (content: Uint8Array, signature: Uint8Array) => boolean;

function checkWith(form: SignedScheme, secret: string): Check | undefined {
  if (form.kind === "ed25519" || form.kind === "ecdsa") {
    const key = form.kind === "ed25519" ? ed25519Key(secret) : ecdsaKey(secret);
    const algorithm = form.kind === "ed25519" ? null : "sha256";
    return key && ((content, signature) => verify(algorithm, content, key, signature));
  }
  const key = hmacKey(secret, form.secret);
  if (key === undefined) return undefined;
  return (content, signature) =>
    equalBytes(createHmac(form.algorithm, key).update(content).digest(), signature);
}

function verifyForm(
  form: SignedScheme,
  check: Check,
  request: WebhookRequest,
  nowMs: number,
): Verdict {
  const proof = readProof(form, request.headers, nowMs);
  if (!proof.ok) return proof;
  const { signatures, timestamp, id } = proof.value;
  const { method, url, body } = request;
  const content = signedContent(form.content, { method, url, body, timestamp, id });
  if (!signatures.some((signature) => check(content, signature))) return refuse("wrong-signature");
  const rule = form.kind === "list" ? undefined : form.timestamp;
  if (rule === undefined || "header" in rule) return accepted;
  const signedAt = readPlace(rule, request, parseObject(body));
  const timely = checkTimestamp(signedAt, rule, nowMs);
  return timely.ok ? accepted : timely;
}
