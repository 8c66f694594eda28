import type { GetObjectCommandOutput, HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type {
  BlobAddress,
  BlobCondition,
  BlobDriver,
  BlobInfo,
  BlobItem,
  BlobRange,
} from "#shared/blob";
import { type AwsConnection, clientConfig, lazyClient, until } from "./aws-client.ts";
import { codeOfAws } from "./aws-error.ts";
import { presign } from "./s3-presign.ts";

export type S3Options = AwsConnection & {
  /** Stands before the names of our buckets, because S3's names are everybody's. */
  readonly bucketPrefix?: string;
  /** The bucket in the path and not in the host's name, for engines that have one name. */
  readonly forcePathStyle?: boolean;
};

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
const MAX_PUT_BYTES = 5 * 1024 ** 3;
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
const MAX_LISTED = 1_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Objects of S3 general purpose buckets, which check conditions of writes and, with `s3:DeleteObject`, of deletions:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html. An etag is a hash of the content.
 */
export function s3Blobs(options: S3Options): BlobDriver {
  const { bucketPrefix = "", forcePathStyle = false, ...connection } = options;
  const s3 = lazyClient(async () => {
    const sdk = await import("./s3-sdk.ts");
    const config = { ...clientConfig(connection, REQUEST_TIMEOUT_MS), forcePathStyle };
    return { sdk, client: new sdk.S3Client(config) };
  });
  const bucketOf = (bucket: string): string => `${bucketPrefix}${bucket}`;
  const objectOf = ({ bucket, key }: BlobAddress) => ({ Bucket: bucketOf(bucket), Key: key });
  return {
    name: "s3",
    maxBlobBytes: MAX_PUT_BYTES,
    async put({ at, body, contentType, metadata, condition }, signal) {
      const { sdk, client } = await s3.get();
      const command = new sdk.PutObjectCommand({
        ...objectOf(at),
        ...headersOf(condition),
        Body: body,
        ContentType: contentType,
        Metadata: { ...metadata },
      });
      try {
        const { ETag = "" } = await client.send(command, until(signal));
        return { ok: true, etag: ETag };
      } catch (error) {
        if (isUnmet(error)) return { ok: false };
        throw error;
      }
    },
    async head(at, signal) {
      const { sdk, client } = await s3.get();
      try {
        return infoOf(await client.send(new sdk.HeadObjectCommand(objectOf(at)), until(signal)));
      } catch (error) {
        if (nameOf(error) === "NotFound") return undefined;
        throw error;
      }
    },
    async get(at, range, signal) {
      const { sdk, client } = await s3.get();
      try {
        const command = new sdk.GetObjectCommand({ ...objectOf(at), ...rangeOf(range) });
        const found = await client.send(command, until(signal));
        const body = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
        return { ...infoOf(found), body };
      } catch (error) {
        if (nameOf(error) === "NoSuchKey") return undefined;
        if (nameOf(error) === "InvalidRange") return "outside";
        throw error;
      }
    },
    async delete(at, condition, signal) {
      const { sdk, client } = await s3.get();
      const command = new sdk.DeleteObjectCommand({ ...objectOf(at), ...headersOf(condition) });
      try {
        await client.send(command, until(signal));
        return true;
      } catch (error) {
        if (isUnmet(error)) return false;
        throw error;
      }
    },
    async list({ bucket, prefix, after, limit }, signal) {
      const { sdk, client } = await s3.get();
      const items: BlobItem[] = [];
      let more: { StartAfter?: string | undefined; ContinuationToken?: string } = {
        StartAfter: after,
      };
      for (;;) {
        const MaxKeys = Math.min(MAX_LISTED, limit - items.length);
        const asked = { Bucket: bucketOf(bucket), Prefix: prefix, MaxKeys, ...more };
        const page = await client.send(new sdk.ListObjectsV2Command(asked), until(signal));
        for (const { Key = "", ETag = "", Size = 0 } of page.Contents ?? []) {
          items.push({ key: Key, etag: ETag, sizeBytes: Size });
        }
        const { NextContinuationToken: next } = page;
        if (next === undefined || items.length >= limit) return items;
        more = { ContinuationToken: next };
      }
    },
    async sign(signing, signal) {
      const { client } = await s3.get();
      signal?.throwIfAborted();
      const { endpoint } = connection;
      return presign(client, { Bucket: bucketOf(signing.at.bucket), endpoint }, signing);
    },
    codeOf: codeOfAws,
    close: () => s3.close(),
  };
}

function headersOf(condition: BlobCondition): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition.kind === "absent") return { IfNoneMatch: "*" };
  return condition.kind === "match" ? { IfMatch: condition.etag } : {};
}

/** An etag that was asked for and whose object is gone is NoSuchKey. */
function isUnmet(error: unknown): boolean {
  return ["PreconditionFailed", "NoSuchKey"].includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

function infoOf(found: HeadObjectCommandOutput | GetObjectCommandOutput): BlobInfo {
  const { ETag = "", ContentLength = 0, ContentType = "", Metadata = {}, ContentRange } = found;
  // Of a part: `bytes 0-9/512`.
  const [, whole] = /\/(\d+)$/.exec(ContentRange ?? "") ?? [];
  const sizeBytes = whole === undefined ? ContentLength : Number(whole);
  return { etag: ETag, sizeBytes, contentType: ContentType, metadata: Metadata };
}

function rangeOf(range: BlobRange | undefined): { Range?: string } {
  if (range === undefined) return {};
  const { offset, lengthBytes } = range;
  const last = lengthBytes === undefined ? "" : offset + lengthBytes - 1;
  return { Range: `bytes=${offset}-${last}` };
}
