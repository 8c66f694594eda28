import { createHmac, timingSafeEqual } from "node:crypto";
import type { BlobAddress, BlobSigning, SignedUrl } from "#shared/blob";

/** Where the gateway answers signed requests. */
export const BLOB_PATH = "/v1/blobs";

/** Signs requests for the local gateway; their URLs have no host yet. */
export type BlobSigner = {
  sign(signing: BlobSigning): Promise<SignedUrl>;
  /** The blob that a request may read or write; `undefined` when it was not signed for that, or is over. */
  check(request: {
    readonly method: string;
    readonly url: string;
    readonly nowMs: number;
  }): Promise<BlobAddress | undefined>;
};

const SIGNED =
  /^\/v1\/blobs\/([a-z][a-z0-9-]{2,62})\/([A-Za-z0-9._~-]{1,1000})\?expires=(\d{1,15})&signature=([0-9a-f]{64})$/;

/** A signer with a secret that must outlive the URLs. */
export function blobSigner(secret: () => Promise<string>): BlobSigner {
  const proofOf = async (...parts: readonly (string | number)[]): Promise<Buffer> =>
    createHmac("sha256", await secret())
      .update(parts.join("\n"))
      .digest();
  return {
    async sign({ at: { bucket, key }, access, nowMs, expiresInSeconds }) {
      const method = access === "read" ? "GET" : "PUT";
      const expiresAtMs = nowMs + expiresInSeconds * 1000;
      const signature = (await proofOf(method, bucket, key, expiresAtMs)).toString("hex");
      const query = `expires=${expiresAtMs}&signature=${signature}`;
      return { url: `${BLOB_PATH}/${bucket}/${key}?${query}`, method, headers: {} };
    },
    async check({ method, url, nowMs }) {
      const [, bucket = "", key = "", expires, signature] = SIGNED.exec(url) ?? [];
      if (signature === undefined) return undefined;
      const expiresAtMs = Number(expires);
      const proof = await proofOf(method, bucket, key, expiresAtMs);
      const isProved = timingSafeEqual(proof, Buffer.from(signature, "hex"));
      return isProved && nowMs < expiresAtMs ? { bucket, key } : undefined;
    },
  };
}
