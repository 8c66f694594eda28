import type { FastifyInstance } from "fastify";
import { MAX_BLOB_BYTES } from "#shared/blob";
import { BLOB_PATH } from "../engine/blob-signer.ts";
import type { Engine } from "../engine/engine.ts";

type Blobs = Pick<Engine, "blobs" | "blobSigner">;

export type SignedRequest = {
  readonly method: string;
  readonly url: string;
  readonly nowMs: number;
  readonly contentType: string;
  readonly body: Uint8Array;
};

export type SignedAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
};

/** Answers signed requests to the local blobs, as the clouds' own stores answer theirs. */
export function registerBlobs(server: FastifyInstance, engine: Blobs): void {
  server.route<{ Body: Uint8Array | undefined }>({
    method: ["GET", "PUT"],
    url: `${BLOB_PATH}/:bucket/:key`,
    bodyLimit: MAX_BLOB_BYTES,
    handler: async ({ method, url, headers, body = new Uint8Array() }, reply) => {
      const { "content-type": contentType = "application/octet-stream" } = headers;
      const request = { method, url, nowMs: Date.now(), contentType, body };
      const answer = await answerSigned(engine, request);
      return (
        reply
          .code(answer.status)
          // Whatever a tenant stored must not run as a page of ours.
          .headers({
            "content-type": answer.contentType,
            "content-disposition": "attachment",
            "content-security-policy": "sandbox",
          })
          .send(Buffer.from(answer.body))
      );
    },
  });
}

/** The content for a signed read, nothing for a signed write, 403 for what was not signed or is over. */
export async function answerSigned(
  { blobs, blobSigner }: Blobs,
  request: SignedRequest,
): Promise<SignedAnswer> {
  const at = await blobSigner.check(request);
  if (at === undefined) return textAnswer(403, "this URL was not signed for that, or is over");
  if (request.method === "PUT") {
    const { contentType, body } = request;
    const condition = { kind: "any" } as const;
    await blobs.put({ at, body, contentType, metadata: {}, condition }, undefined);
    return textAnswer(200, "");
  }
  const found = await blobs.get(at, undefined, undefined);
  if (found === undefined || found === "outside") return textAnswer(404, "there is no such blob");
  return { status: 200, contentType: found.contentType, body: found.body };
}

function textAnswer(status: number, text: string): SignedAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body: Buffer.from(text) };
}
