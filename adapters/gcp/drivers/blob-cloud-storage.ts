import type { File, GetFilesOptions, Storage, StorageOptions } from "@google-cloud/storage";
import type { BlobAddress, BlobCondition, BlobDriver, BlobItem } from "#shared/blob";
import { connectLazily, unlessAborted } from "./google-client.ts";
import { codeOfStorage, statusOf } from "./storage-error.ts";
import { infoOf, lookAt, readAt } from "./storage-object.ts";

export type CloudStorageOptions = {
  /** Stands before the names of our buckets, because Cloud Storage's names are everybody's. */
  readonly bucketPrefix?: string;
  /** Endpoint and credentials, as Google's client takes them; the environment's when left out. */
  readonly client?: StorageOptions;
};

// https://cloud.google.com/storage/quotas#objects
const MAX_PUT_BYTES = 5 * 1024 ** 4;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Objects of Cloud Storage. Our etag is the object's generation, which conditions are made of and no two writes share:
 * https://cloud.google.com/storage/docs/request-preconditions. Where there is no private key, signed URLs are signed by
 * the IAM service, which the service account must be allowed to ask.
 */
export function cloudStorageBlobs(options: CloudStorageOptions = {}): BlobDriver {
  const { bucketPrefix = "" } = options;
  const connection = connectLazily(() => connectTo(options));
  const bucketOf = async (bucket: string) =>
    (await connection.get()).storage.bucket(`${bucketPrefix}${bucket}`);
  const fileOf = async ({ bucket, key }: BlobAddress): Promise<File> =>
    (await bucketOf(bucket)).file(key);
  return {
    name: "cloud-storage",
    maxBlobBytes: MAX_PUT_BYTES,
    async put({ at, body, contentType, metadata, condition }, signal) {
      const file = await fileOf(at);
      const save = {
        resumable: false,
        // It would delete what it finds damaged, whoever has written it by then; content is checked on read.
        validation: false,
        preconditionOpts: conditionOf(condition),
        metadata: { contentType, metadata: { ...metadata } },
      };
      try {
        await unlessAborted(signal, () => file.save(Buffer.from(body), save));
        return { ok: true, etag: infoOf(file.metadata).etag };
      } catch (error) {
        if (statusOf(error) === 412) return { ok: false };
        throw error;
      }
    },
    async head(at, signal) {
      const file = await fileOf(at);
      return unlessAborted(signal, () => lookAt(file));
    },
    async get(at, range, signal) {
      const file = await fileOf(at);
      return unlessAborted(signal, async () => {
        const info = await lookAt(file);
        if (info === undefined) return undefined;
        if (range !== undefined && range.offset >= info.sizeBytes) return "outside";
        return { ...info, body: await readAt(file, info, range) };
      });
    },
    async delete(at, condition, signal) {
      const file = await fileOf(at);
      try {
        await unlessAborted(signal, () => file.delete(conditionOf(condition)));
        return true;
      } catch (error) {
        if (statusOf(error) === 412) return false;
        if (statusOf(error) === 404) return condition.kind === "any";
        throw error;
      }
    },
    async list({ bucket, prefix, after, limit }, signal) {
      const from = await bucketOf(bucket);
      // No escaped key holds "!", so this is after the key and before all others that begin with it.
      const start = after === undefined ? {} : { startOffset: `${after}!` };
      const items: BlobItem[] = [];
      let query: GetFilesOptions | null = {
        prefix,
        ...start,
        maxResults: limit,
        autoPaginate: false,
      };
      while (query !== null && items.length < limit) {
        const asked: GetFilesOptions = query;
        const [files, next] = await unlessAborted(signal, () => from.getFiles(asked));
        for (const { name, metadata } of files) {
          const { etag, sizeBytes } = infoOf(metadata);
          items.push({ key: name, etag, sizeBytes });
        }
        query = next ?? null;
      }
      return items.slice(0, limit);
    },
    async sign({ at, access, nowMs, expiresInSeconds }, signal) {
      const file = await fileOf(at);
      // The client would sign a part of a second, which the service does not take.
      const fromMs = Math.floor(nowMs / 1000) * 1000;
      const signing = {
        version: "v4",
        action: access,
        accessibleAt: fromMs,
        expires: fromMs + expiresInSeconds * 1000,
      } as const;
      const [url] = await unlessAborted(signal, () => file.getSignedUrl(signing));
      return { url, method: access === "read" ? "GET" : "PUT", headers: {} };
    },
    codeOf: codeOfStorage,
    close: () => connection.close(),
  };
}

function conditionOf(condition: BlobCondition): { ifGenerationMatch?: number | string } {
  if (condition.kind === "absent") return { ifGenerationMatch: 0 };
  return condition.kind === "match" ? { ifGenerationMatch: condition.etag } : {};
}

async function connectTo({ client }: CloudStorageOptions) {
  const sdk = await import("./storage-sdk.ts");
  const retryOptions = { autoRetry: false, maxRetries: 0 };
  const storage: Storage = new sdk.Storage({
    timeout: REQUEST_TIMEOUT_MS,
    ...client,
    retryOptions,
  });
  // It finds its credentials with its first request and keeps no sockets of its own.
  return { storage, initialize: async () => undefined, close: async () => undefined };
}
