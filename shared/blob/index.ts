export { Bucket } from "./bucket.ts";
export type {
  DeleteResult,
  PutOptions,
  PutResult,
  SignOptions,
  StoredBlob,
  StoredInfo,
} from "./bucket.ts";
export { type BlobVerb, bucket, type BucketRef, openBucket } from "./bucket-ref.ts";
export { Etag, MAX_BLOB_BYTES, sha256 } from "./content.ts";
export type {
  BlobAddress,
  BlobCondition,
  BlobContent,
  BlobDriver,
  BlobInfo,
  BlobItem,
  BlobListing,
  BlobPut,
  BlobPutResult,
  BlobRange,
  BlobSigning,
  SignedUrl,
} from "./driver.ts";
export type { BlobEntry, BlobPage, ListOptions } from "./list-page.ts";
export { memoryBlobs, type MemoryBlobs } from "./memory.ts";
export { type BlobPorts, holds } from "./objects.ts";
