import * as z from "zod";

/** What the engine answers a host about blobs. */
const info = {
  etag: z.string(),
  sizeBytes: z.int(),
  contentType: z.string(),
  metadata: z.record(z.string(), z.string()),
};

export const BlobPutResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), etag: info.etag }),
  z.object({ ok: z.literal(false) }),
]);

export const BlobInfoResult = z.object(info).optional();
export const BlobContentResult = z.union([
  z.object({ ...info, body: z.instanceof(Uint8Array) }),
  z.literal("outside"),
  z.undefined(),
]);

export const BlobDeleted = z.boolean();

export const BlobItems = z.array(
  z.object({ key: z.string(), etag: info.etag, sizeBytes: info.sizeBytes }),
);

export const BlobSigned = z.object({
  url: z.string(),
  method: z.enum(["GET", "PUT"]),
  headers: z.record(z.string(), z.string()),
});
