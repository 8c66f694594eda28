import * as z from "zod";
import { blobLimits } from "./answers.ts";

/** What a host and the engine say to each other about blobs; both sides check it. */
const key = z.string().regex(/^[A-Za-z0-9._~-]{0,1000}$/);
const bucket = z.string().regex(/^[a-z][a-z0-9-]{2,62}$/);
const etag = z.string().max(200);
const bytes = z.instanceof(Uint8Array).refine((body) => body.byteLength <= blobLimits.maxBlobBytes);

export const BlobAt = z.object({ bucket, key: key.min(1) });

const any = z.object({ kind: z.literal("any") });
const match = z.object({ kind: z.literal("match"), etag });
const absent = z.object({ kind: z.literal("absent") });

const info = {
  contentType: z.string().max(200),
  metadata: z.record(z.string().regex(/^[a-z0-9]{1,20}$/), z.string().max(200)),
};

export const BlobPutCall = z.object({
  at: BlobAt,
  body: bytes,
  ...info,
  condition: z.discriminatedUnion("kind", [any, absent, match]),
});

export const BlobGetCall = z.object({
  at: BlobAt,
  range: z
    .object({ offset: z.int().min(0), lengthBytes: z.union([z.int().min(1), z.undefined()]) })
    .optional(),
});

export const BlobDeleteCall = z.object({
  at: BlobAt,
  condition: z.discriminatedUnion("kind", [any, match]),
});

export const BlobListCall = z.object({
  bucket,
  prefix: key,
  after: z.union([key, z.undefined()]),
  limit: z.int().min(1).max(1_001),
});

export const BlobSignCall = z.object({
  at: BlobAt,
  access: z.enum(["read", "write"]),
  nowMs: z.number(),
  expiresInSeconds: z.int().min(1),
});
