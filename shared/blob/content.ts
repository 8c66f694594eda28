import { createHash } from "node:crypto";
import { Fault } from "#shared/errors";
import * as z from "zod";
import type { BlobContent, BlobInfo, BlobPut } from "./driver.ts";

/**
 * Larger than any message or answer of the three clouds, and small enough that a function of 256 MB can hold a blob, a
 * copy of it on the wire and its own work. Larger ones go past the function, by a signed URL.
 */
export const MAX_BLOB_BYTES = 32 * 1024 * 1024;

/** Printable ASCII, so that it can stand in a header. */
const CONTENT_TYPE = /^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/;

/**
 * The state of a blob that a write is based on: opaque and safe in a header. It stands for the content: stores that
 * hash (S3) give the same content the same etag, whoever wrote it.
 */
export const Etag = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/)
  .brand<"Etag">();
export type Etag = z.infer<typeof Etag>;

/** What is stored beside the content: by whom it was written, and what it must hash to. */
export function metadataOf(body: Uint8Array, writeId: string): BlobPut["metadata"] {
  return { sha256: sha256(body), write: writeId };
}

/** Hexadecimal SHA-256. */
export function sha256(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The etag of the blob if this very write made it. Content alone would not tell: two writers may write the same. */
export function ownEtag({ metadata }: BlobPut, current: BlobInfo | undefined): string | undefined {
  return current?.metadata["write"] === metadata["write"] ? current?.etag : undefined;
}

/** Throws `internal` for a whole blob that is not what was put. One that came by a signed URL has no hash. */
export function checkContent({ body, metadata }: BlobContent, details: { bucket: string }): void {
  const expected = metadata["sha256"];
  if (expected === undefined || expected === sha256(body)) return;
  throw new Fault("internal", "blob.get: the content is not what was stored; restore the blob", {
    origin: "platform",
    details,
  });
}

/** Throws `too_large` for more than a blob can hold, before anything is sent. */
export function checkSize(sizeBytes: number, driverMaxBytes: number): void {
  const maxBytes = Math.min(MAX_BLOB_BYTES, driverMaxBytes);
  if (sizeBytes <= maxBytes) return;
  throw new Fault(
    "too_large",
    `blob.put: the content has ${sizeBytes} bytes, at most ${maxBytes} fit; let the sender use a signed URL`,
    { details: { sizeBytes } },
  );
}

/** Throws `invalid_argument` for what could not stand in a header. */
export function checkContentType(contentType: string): void {
  if (CONTENT_TYPE.test(contentType)) return;
  throw new Fault("invalid_argument", "blob.put: contentType is no media type; correct it");
}
