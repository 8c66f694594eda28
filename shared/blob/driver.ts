import type { Code } from "#shared/errors";

/** Where a blob lies. The key carries the tenant and is escaped by the portable class: `[A-Za-z0-9._~-]`. */
export type BlobAddress = { readonly bucket: string; readonly key: string };

/** What a store tells about a blob beside its content. */
export type BlobInfo = {
  /** The provider's own token for conditions (an etag, a generation). */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** As it was put; names are lower-case letters and digits, values printable ASCII. */
  readonly metadata: Readonly<Record<string, string>>;
};

/** What must hold for a write to happen. */
export type BlobCondition =
  | { readonly kind: "any" }
  | { readonly kind: "absent" }
  | { readonly kind: "match"; readonly etag: string };

export type BlobPut = {
  readonly at: BlobAddress;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly metadata: BlobInfo["metadata"];
  readonly condition: BlobCondition;
};

/** A conditional write either happened (and left an etag) or met another blob than the condition allows. */
export type BlobPutResult = { readonly ok: true; readonly etag: string } | { readonly ok: false };

/** `lengthBytes` is at least one; what lies beyond the end is left out. */
export type BlobRange = { readonly offset: number; readonly lengthBytes: number | undefined };

/** Content and what belongs to exactly that content. */
export type BlobContent = BlobInfo & { readonly body: Uint8Array };

/** A part of a bucket in byte order of the keys. */
export type BlobListing = {
  readonly bucket: string;
  readonly prefix: string;
  /** Continue after this key. */
  readonly after: string | undefined;
  /** At most 1,001. */
  readonly limit: number;
};

export type BlobItem = Pick<BlobInfo, "etag" | "sizeBytes"> & { readonly key: string };

/** Whom a signed URL lets do what, until when. */
export type BlobSigning = {
  readonly at: BlobAddress;
  readonly access: "read" | "write";
  readonly nowMs: number;
  readonly expiresInSeconds: number;
};

/** A request that needs no other proof: who has it may send it until it expires. */
export type SignedUrl = {
  readonly url: string;
  readonly method: "GET" | "PUT";
  /** What the request must carry beside its body. */
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * What a cloud's blob store must provide: one attempt, no retry, no validation. Throw whatever the SDK throws;
 * {@link BlobDriver.codeOf} is the only translation.
 */
export interface BlobDriver {
  readonly name: string;
  /** The largest blob that one request can write. */
  readonly maxBlobBytes: number;
  /** All or nothing, whatever happens on the way. */
  put(put: BlobPut, signal: AbortSignal | undefined): Promise<BlobPutResult>;
  head(at: BlobAddress, signal: AbortSignal | undefined): Promise<BlobInfo | undefined>;
  /** `outside` for a range that begins at or after the end; `undefined` when there is no blob. */
  get(
    at: BlobAddress,
    range: BlobRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<BlobContent | "outside" | undefined>;
  /** False when the condition did not hold; to delete what is absent is no failure for `any`, and one for `match`. */
  delete(
    at: BlobAddress,
    condition: Exclude<BlobCondition, { kind: "absent" }>,
    signal: AbortSignal | undefined,
  ): Promise<boolean>;
  /** Fewer than `limit` only where the keys end. */
  list(listing: BlobListing, signal: AbortSignal | undefined): Promise<readonly BlobItem[]>;
  sign(signing: BlobSigning, signal: AbortSignal | undefined): Promise<SignedUrl>;
  /** Category of an error thrown by the methods above; `undefined` when unknown. */
  codeOf(error: unknown): Code | undefined;
  close(): Promise<void>;
}
