import { createHash, createHmac, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { Fault } from "#shared/errors";
import { signedContent } from "./content.ts";
import { encode, parseObject } from "./encoding.ts";
import { hmacKey } from "./key.ts";
import { readField } from "./place.ts";
import type { WebhookRequest } from "./request.ts";
import { formFor, type SignedScheme, type SnsScheme, type WebhookScheme } from "./scheme.ts";
import { signJwt } from "./sign-jwt.ts";
import { snsContent } from "./verify/sns.ts";
import { twilioContents } from "./verify/twilio.ts";

/** A webhook that is to look as if its vendor had sent it now. */
export type WebhookToSign = {
  readonly body: Uint8Array;
  readonly nowMs: number;
  /** Only where the scheme signs an id. */
  readonly id?: string;
  /** POST where it is left out. */
  readonly method?: string;
  /** Only where the scheme signs it, or has its proof in it. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** With what a vendor signs: the shared secret, or its private key (PKCS #8 PEM) and what goes with that. */
export type SigningKey = {
  readonly secret: string;
  /** The values of a token's `who`. */
  readonly who?: string;
};

/**
 * The request by which {@link verifyWebhook} accepts a body: its inverse, for the local runtime's demo and for tests.
 * Throws `failed_precondition` for a secret the scheme would not accept.
 */
export function signWebhook(
  scheme: WebhookScheme,
  webhook: WebhookToSign,
  key: string | SigningKey,
): WebhookRequest {
  const { secret, who } = typeof key === "string" ? { secret: key, who: undefined } : key;
  const { body, nowMs, id } = webhook;
  const { method = "POST", url = "https://hooks.example.com/", headers = {} } = webhook;
  const request: WebhookRequest = { method, url, body, headers };
  const withHeaders = (proof: Record<string, string>): WebhookRequest => ({
    ...request,
    headers: { ...headers, ...proof },
  });
  switch (scheme.kind) {
    case "none":
    case "static-field":
      return request;
    case "static-header": {
      const text = scheme.basic === true ? Buffer.from(secret).toString("base64") : secret;
      const prefix = scheme.basic === true ? "Basic " : (scheme.prefix ?? "");
      return withHeaders({ [scheme.header]: prefix + text });
    }
    case "url-token": {
      const target = new URL(url);
      target.searchParams.set(scheme.parameter, secret);
      return { ...request, url: target.href };
    }
    case "twilio":
      return signTwilio(scheme.header, request, secret);
    case "sns":
      return { ...request, body: signSns(scheme, webhook, secret) };
    case "jwt": {
      const event = "field" in scheme ? parseObject(body) : undefined;
      const token = signJwt(scheme, { secret, who, url, nowMs, event });
      if (!("field" in scheme))
        return withHeaders({ [scheme.header]: (scheme.prefix ?? "") + token });
      return { ...request, body: Buffer.from(JSON.stringify(at(scheme.field, token))) };
    }
    default:
      return withHeaders(signComputed(formFor(scheme, secret), request, { nowMs, id, secret }));
  }
}

/** An object with a value at a dotted path. */
function at(field: string, value: unknown): unknown {
  return field.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

function signComputed(
  form: SignedScheme,
  request: WebhookRequest,
  { nowMs, id, secret }: { nowMs: number; id: string | undefined; secret: string },
): Record<string, string> {
  const rule = form.kind === "list" ? undefined : form.timestamp;
  const unitMs = rule?.unit === "milliseconds" ? 1 : 1000;
  const timestamp = String(Math.floor(nowMs / unitMs));
  const content = signedContent(form.content, { ...request, timestamp, id });
  const signature = encode(signBytes(form, content, secret), form.encoding);
  if (form.kind === "list") {
    return { [form.header]: `${form.timestampKey}=${timestamp},${form.signatureKey}=${signature}` };
  }
  return {
    [form.header]: (form.prefix ?? "") + signature,
    ...(rule !== undefined && "header" in rule ? { [rule.header]: timestamp } : {}),
    ...(form.idHeader !== undefined && id !== undefined ? { [form.idHeader]: id } : {}),
  };
}

function signBytes(form: SignedScheme, content: Uint8Array, secret: string): Uint8Array {
  if (form.kind === "ed25519") {
    return sign(null, content, ed25519PrivateKey(secret));
  }
  if (form.kind === "ecdsa") return sign("sha256", content, createPrivateKey(secret));
  const key = hmacKey(secret, form.secret);
  if (key !== undefined) return createHmac(form.algorithm, key).update(content).digest();
  throw unusable();
}

/** From PKCS #8 PEM, or from Standard Webhooks' `whsk_`: 32 bytes of the private key and 32 of the public one. */
function ed25519PrivateKey(secret: string): KeyObject {
  if (!secret.startsWith("whsk_")) return createPrivateKey(secret);
  const raw = Buffer.from(secret.slice("whsk_".length), "base64");
  const [d, x] = [raw.subarray(0, 32), raw.subarray(32)].map((part) => part.toString("base64url"));
  return createPrivateKey({
    format: "jwk",
    key: { kty: "OKP", crv: "Ed25519", d: d ?? "", x: x ?? "" },
  });
}

function signTwilio(header: string, request: WebhookRequest, secret: string): WebhookRequest {
  const form = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const url = new URL(request.url);
  if (form !== true) {
    url.searchParams.set("bodySHA256", createHash("sha256").update(request.body).digest("hex"));
  }
  const target = { ...request, url: url.href };
  const [content] = twilioContents(target);
  const key = hmacKey(secret);
  if (key === undefined || content === undefined) throw unusable();
  const signature = createHmac("sha1", key).update(content).digest("base64");
  return { ...target, headers: { ...request.headers, [header]: signature } };
}

function signSns(scheme: SnsScheme, { body, nowMs }: WebhookToSign, secret: string): Uint8Array {
  const version = scheme.versions.at(-1) ?? "2";
  const message = {
    ...parseObject(body),
    Timestamp: new Date(nowMs).toISOString(),
    SignatureVersion: version,
  };
  const content = snsContent((name) => {
    const value = readField(message, name);
    return typeof value === "string" ? value : undefined;
  });
  const algorithm = version === "1" ? "sha1" : "sha256";
  const signature = sign(algorithm, Buffer.from(content ?? ""), createPrivateKey(secret));
  return Buffer.from(JSON.stringify({ ...message, Signature: encode(signature, "base64") }));
}

function unusable(): Fault {
  return new Fault(
    "failed_precondition",
    "webhooks.sign: the secret is too short or not in its encoding; use 16 bytes or more",
  );
}
