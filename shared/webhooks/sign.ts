import { createHmac, createPrivateKey, sign } from "node:crypto";
import { Fault } from "#shared/errors";
import { signedContent } from "./content.ts";
import { encode } from "./encoding.ts";
import { hmacKey } from "./key.ts";
import { type SignedScheme, toSigned, type WebhookScheme } from "./scheme.ts";

/** A webhook that is to look as if its vendor had sent it now. */
export type WebhookToSign = {
  readonly body: Uint8Array;
  readonly nowMs: number;
  /** Only where the scheme signs an id. */
  readonly id?: string;
};

/**
 * The headers by which {@link verifyWebhook} accepts a body: its inverse, for the local runtime's demo and for
 * tests. For `ed25519` the secret is the private key as PKCS #8 PEM.
 * Throws `failed_precondition` for a secret the scheme would not accept.
 */
export function signWebhook(
  scheme: WebhookScheme,
  webhook: WebhookToSign,
  secret: string,
): Record<string, string> {
  const signed = toSigned(scheme);
  if (signed === undefined) {
    return scheme.kind === "static-header"
      ? { [scheme.header]: (scheme.prefix ?? "") + secret }
      : {};
  }
  const rule = signed.timestamp;
  const timestamp =
    rule && String(Math.floor(webhook.nowMs / (rule.unit === "seconds" ? 1000 : 1)));
  const content = signedContent(signed, { body: webhook.body, timestamp, id: webhook.id });
  const signature = encode(signBytes(signed, content, secret), signed.encoding);
  return {
    [signed.header]: (signed.prefix ?? "") + signature,
    ...(rule && timestamp ? { [rule.header]: timestamp } : {}),
    ...(signed.idHeader && webhook.id ? { [signed.idHeader]: webhook.id } : {}),
  };
}

function signBytes(scheme: SignedScheme, content: Uint8Array, secret: string): Uint8Array {
  if (scheme.kind === "ed25519") return sign(null, content, createPrivateKey(secret));
  const key = hmacKey(scheme, secret);
  if (key !== undefined) return createHmac(scheme.algorithm, key).update(content).digest();
  throw new Fault(
    "failed_precondition",
    "webhooks.sign: the secret is too short or not in its encoding; use 16 bytes or more",
  );
}
