import { type BlobPorts, bucket, openBucket, sha256 } from "#shared/blob";
import { type ClientScope, parseJson } from "#shared/function";
import * as z from "zod";
import { claimsBucket } from "./claims.ts";
import type { Envelope } from "./envelope.ts";

/**
 * Bodies that are larger than their queue takes. Kept as long as the longest-lived broker keeps a message
 * (https://cloud.google.com/pubsub/docs/subscription-properties: 31 days), so that retries and dead letters still find
 * theirs; a dead letter that is older has lost it.
 */
export const claims = bucket(claimsBucket.name, { ttlDays: claimsBucket.ttlDays });

/** What is left in the place of a body whose message was handled, so that a late repeat of it is recognised. */
const HANDLED = "application/vnd.auterity.handled";

/** What became of a body. */
export type ClaimedBody =
  | { readonly kind: "body"; readonly body: Envelope["body"] }
  /** The message was handled before; the broker delivers it once more. */
  | { readonly kind: "handled" }
  | { readonly kind: "lost"; readonly reason: string };

/** Stores the body of an envelope and gives the envelope that claims it. Throws as a bucket does. */
export async function leaveBody(
  envelope: Envelope,
  ports: BlobPorts,
  scope: ClientScope,
): Promise<Envelope> {
  const content = Buffer.from(JSON.stringify(envelope.body));
  // Not the message's id, which may be a caller's: a repeat must not put other content in this one's place.
  const key = ports.random.uuid();
  const contentType = "application/json";
  await openBucket(claims, ports, scope).put(key, content, { ifEtag: "any", contentType });
  const claim = { key, sha256: sha256(content), sizeBytes: content.byteLength };
  return { ...envelope, body: null, claim };
}

/** The body of an envelope, wherever it is. Throws as a bucket does. */
export async function takeBody(
  { body, claim }: Envelope,
  ports: BlobPorts,
  scope: ClientScope,
): Promise<ClaimedBody> {
  if (claim === undefined) return { kind: "body", body };
  const found = await openBucket(claims, ports, scope).get(claim.key);
  if (found === undefined) {
    const days = claims.ttlDays ?? 0;
    return lost(`the content of the message is gone; it was kept for ${days} days, send it again`);
  }
  if (found.contentType === HANDLED) return { kind: "handled" };
  if (sha256(found.body) !== claim.sha256) {
    return lost("the content of the message is not what was sent; send it again");
  }
  return {
    kind: "body",
    body: z.json().parse(parseJson(Buffer.from(found.body).toString(), { name: "queue.claim" })),
  };
}

/** Lets go of the body of a handled message. Throws as a bucket does. */
export async function dropBody(
  { claim }: Envelope,
  ports: BlobPorts,
  scope: ClientScope,
): Promise<void> {
  if (claim === undefined) return;
  const mark = { ifEtag: "any", contentType: HANDLED } as const;
  await openBucket(claims, ports, scope).put(claim.key, new Uint8Array(), mark);
}

function lost(what: string): ClaimedBody {
  return { kind: "lost", reason: `queue.claim: ${what}` };
}
