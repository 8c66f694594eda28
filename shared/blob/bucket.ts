import { Fault } from "#shared/errors";
import type { ClientScope } from "#shared/function";
import { checkContent, checkContentType, checkSize, Etag, metadataOf } from "./content.ts";
import type {
  BlobAddress,
  BlobCondition,
  BlobContent,
  BlobInfo,
  BlobRange,
  SignedUrl,
} from "./driver.ts";
import { type TenantKeys, tenantKeys } from "./keys.ts";
import { type BlobPage, listPage, type ListOptions } from "./list-page.ts";
import { type BlobPorts, Objects } from "./objects.ts";

/** What is known of a blob without reading it. */
export type StoredInfo = Pick<BlobInfo, "sizeBytes" | "contentType"> & { readonly etag: Etag };

/** A blob, or the part of it that was asked for; `sizeBytes` is always that of the whole. */
export type StoredBlob = StoredInfo & { readonly body: Uint8Array };

/** A put either happened or met another blob than it was based on; `current` is that one, unless it is gone. */
export type PutResult =
  | { readonly ok: true; readonly etag: Etag }
  | { readonly ok: false; readonly current: StoredInfo | undefined };

/** As {@link PutResult}; a deleted blob has no etag. */
export type DeleteResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly current: StoredInfo | undefined };

export type PutOptions = {
  /** Write only over the blob of this etag, only where there is none, or without looking. */
  readonly ifEtag: Etag | "absent" | "any";
  /** What readers, browsers among them, are told; text is `text/plain` and bytes are no type in particular. */
  readonly contentType?: string;
};

export type SignOptions = {
  readonly access: "read" | "write";
  /** At most seven days; credentials that end earlier end the URL with them. */
  readonly expiresInSeconds: number;
};

/** What the portable class needs of a bucket's definition. */
export type BucketShape = { readonly name: string; readonly ttlDays: number | undefined };

// S3's and Cloud Storage's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html
const MAX_SIGNED_SECONDS = 7 * 86_400;

/**
 * A bucket as functions see it: whole blobs of up to 32 MiB under the tenant of the invocation, compare-and-set by etag,
 * content checked against its hash. Same behaviour over every driver. All methods throw a Fault from `platform` when the
 * store fails; a write whose outcome cannot be told throws `unavailable` with the detail `outcome: "unknown"`.
 */
export class Bucket {
  readonly #shape: BucketShape;
  readonly #ports: BlobPorts;
  readonly #objects: Objects;
  readonly #keys: TenantKeys;

  constructor(shape: BucketShape, ports: BlobPorts, scope: ClientScope) {
    this.#shape = shape;
    this.#ports = ports;
    this.#objects = new Objects(ports, scope);
    this.#keys = tenantKeys(scope.tenant);
  }

  /** Writes a blob, all of it or nothing. Throws `too_large` before anything is sent. */
  async put(key: string, content: Uint8Array | string, options: PutOptions): Promise<PutResult> {
    const isText = typeof content === "string";
    const body = isText ? Buffer.from(content) : content;
    const byDefault = isText ? "text/plain; charset=utf-8" : "application/octet-stream";
    const { contentType = byDefault } = options;
    checkContentType(contentType);
    checkSize(body.byteLength, this.#ports.blob.maxBlobBytes);
    const put = {
      at: this.#at(key),
      body,
      contentType,
      metadata: { ...metadataOf(body, this.#ports.random.uuid()), ...this.#expiry() },
      condition: conditionOf(options.ifEtag),
    };
    const result = await this.#objects.put(put);
    return result.ok ? { ok: true, etag: Etag.parse(result.etag) } : other(result.current);
  }

  /**
   * The blob of a key, or a part of it; `undefined` when there is none. A range that begins at or after the end gives
   * no bytes. Only a whole blob can be checked against its hash.
   */
  async get(
    key: string,
    options: { readonly range?: { readonly offset: number; readonly lengthBytes?: number } } = {},
  ): Promise<StoredBlob | undefined> {
    const at = this.#at(key);
    const range = options.range === undefined ? undefined : rangeOf(options.range);
    const found = await this.#objects.get(at, range);
    if (found === undefined) return undefined;
    if (found === "outside") return this.#nothingOf(at);
    if (range === undefined) checkContent(found, { bucket: this.#shape.name });
    return { ...infoOf(found), body: found.body };
  }

  /** Deletes a blob if it still has this etag. To delete what does not exist with `"any"` succeeds. */
  async delete(key: string, options: { readonly ifEtag: Etag | "any" }): Promise<DeleteResult> {
    const { ifEtag } = options;
    const condition =
      ifEtag === "any" ? ({ kind: "any" } as const) : ({ kind: "match", etag: ifEtag } as const);
    const result = await this.#objects.delete(this.#at(key), condition);
    return result.ok ? { ok: true } : other(result.current);
  }

  /** One page of keys, in byte order. */
  async list(options: ListOptions = {}): Promise<BlobPage> {
    return listPage(this.#objects, this.#shape.name, this.#keys, options);
  }

  /**
   * A request by which somebody without credentials may read or write exactly this blob for a while, however large it
   * is. Blobs that come so have no hash of ours and are not checked on read.
   */
  async sign(key: string, { access, expiresInSeconds }: SignOptions): Promise<SignedUrl> {
    if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1) {
      throw refused("sign", "expiresInSeconds must be a whole number from 1");
    }
    if (expiresInSeconds > MAX_SIGNED_SECONDS) {
      throw refused("sign", `expiresInSeconds must be at most ${MAX_SIGNED_SECONDS}`);
    }
    const nowMs = this.#ports.clock.now();
    return this.#objects.sign({ at: this.#at(key), access, nowMs, expiresInSeconds });
  }

  #at(key: string): BlobAddress {
    return { bucket: this.#shape.name, key: this.#keys.physical(key) };
  }

  /** For stores without lifecycle rules. */
  #expiry(): { expires?: string } {
    const { ttlDays } = this.#shape;
    if (ttlDays === undefined) return {};
    return { expires: String(Math.ceil(this.#ports.clock.now() / 1000) + ttlDays * 86_400) };
  }

  async #nothingOf(at: BlobAddress): Promise<StoredBlob | undefined> {
    const info = await this.#objects.head(at);
    return info === undefined ? undefined : { ...infoOf(info), body: new Uint8Array() };
  }
}

function conditionOf(ifEtag: PutOptions["ifEtag"]): BlobCondition {
  if (ifEtag === "any") return { kind: "any" };
  return ifEtag === "absent" ? { kind: "absent" } : { kind: "match", etag: ifEtag };
}

function other(current: BlobInfo | undefined): {
  readonly ok: false;
  readonly current: StoredInfo | undefined;
} {
  return { ok: false, current: current === undefined ? undefined : infoOf(current) };
}

function infoOf({ etag, sizeBytes, contentType }: BlobInfo | BlobContent): StoredInfo {
  return { etag: Etag.parse(etag), sizeBytes, contentType };
}

function rangeOf({ offset, lengthBytes }: { offset: number; lengthBytes?: number }): BlobRange {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw refused("get", "range.offset must be a whole number from 0");
  }
  if (lengthBytes !== undefined && (!Number.isSafeInteger(lengthBytes) || lengthBytes < 1)) {
    throw refused("get", "range.lengthBytes must be a whole number from 1");
  }
  return { offset, lengthBytes };
}

function refused(operation: string, what: string): Fault {
  return new Fault("invalid_argument", `blob.${operation}: ${what}`);
}
