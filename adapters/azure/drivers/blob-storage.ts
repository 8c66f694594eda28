import { lazily } from "#shared/function";
import type {
  BlobDownloadResponseParsed,
  BlobGetPropertiesResponse,
  BlobServiceClient,
  BlockBlobClient,
} from "@azure/storage-blob";
import { buffer } from "node:stream/consumers";
import type { BlobAddress, BlobCondition, BlobDriver, BlobInfo, BlobItem } from "#shared/blob";
import type { AzureAccount } from "./account.ts";
import { codeOfRest, during, serviceCode } from "./rest-client.ts";

// https://learn.microsoft.com/rest/api/storageservices/put-blob#remarks
const MAX_PUT_BYTES = 5_000 * 1024 ** 2;

/**
 * Block blobs of an Azure storage account with a flat namespace, in containers of our buckets' names, which must exist.
 * A blob is put in one request: https://learn.microsoft.com/rest/api/storageservices/put-blob. Where the account is
 * reached by identity, signed URLs are signed by a user delegation key, which its role must let it ask for.
 */
export function azureBlobs(account: AzureAccount): BlobDriver {
  const connect = lazily(() => connectTo(account));
  const blobOf = async ({ bucket, key }: BlobAddress): Promise<BlockBlobClient> =>
    (await connect()).service.getContainerClient(bucket).getBlockBlobClient(key);
  return {
    name: "azure-blob-storage",
    maxBlobBytes: MAX_PUT_BYTES,
    async put({ at, body, contentType, metadata, condition }, signal) {
      const blob = await blobOf(at);
      const options = {
        ...during(signal),
        conditions: conditionsOf(condition),
        blobHTTPHeaders: { blobContentType: contentType },
        metadata: { ...metadata },
      };
      const put = await unless(isUnmet, () => blob.upload(body, body.byteLength, options));
      return put === undefined ? { ok: false } : { ok: true, etag: put.etag ?? "" };
    },
    async head(at, signal) {
      const blob = await blobOf(at);
      const found = await unless(isAbsent, () => blob.getProperties(during(signal)));
      return found === undefined ? undefined : infoOf(found);
    },
    async get(at, range, signal) {
      const blob = await blobOf(at);
      // By itself the SDK would go on with another request where the body broke off.
      const options = { ...during(signal), maxRetryRequests: 0 };
      try {
        const found = await blob.download(range?.offset, range?.lengthBytes, options);
        const stream = found.readableStreamBody;
        const body = stream === undefined ? new Uint8Array() : await buffer(stream);
        return { ...infoOf(found), body };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        if (serviceCode(error) === "InvalidRange") return "outside";
        throw error;
      }
    },
    async delete(at, condition, signal) {
      const blob = await blobOf(at);
      const options = { ...during(signal), conditions: conditionsOf(condition) };
      const deleted = await unless(isUnmet, () => blob.delete(options));
      return deleted !== undefined || condition.kind === "any";
    },
    async list({ bucket, prefix, after, limit }, signal) {
      const container = (await connect()).service.getContainerClient(bucket);
      // No escaped key holds "!", so this is after the key and before all others that begin with it.
      const startFrom = after === undefined ? {} : { startFrom: `${after}!` };
      const pages = container
        .listBlobsFlat({ ...during(signal), prefix, ...startFrom })
        .byPage({ maxPageSize: limit });
      const items: BlobItem[] = [];
      for await (const { segment } of pages) {
        for (const { name, properties } of segment.blobItems) {
          const { etag, contentLength: sizeBytes = 0 } = properties;
          // A list has them without the quotes that headers have.
          items.push({ key: name, etag: `"${etag}"`, sizeBytes });
        }
        if (items.length >= limit) break;
      }
      return items.slice(0, limit);
    },
    async sign({ at, access, nowMs, expiresInSeconds }, signal) {
      const { service, permissionsOf } = await connect();
      const blob = await blobOf(at);
      const expiresOn = new Date(nowMs + expiresInSeconds * 1000);
      const signing = { permissions: permissionsOf(access === "read" ? "r" : "cw"), expiresOn };
      const byKey = "connectionString" in account;
      const key = byKey
        ? undefined
        : await service.getUserDelegationKey(new Date(nowMs), expiresOn, during(signal));
      const url =
        key === undefined
          ? await blob.generateSasUrl(signing)
          : await blob.generateUserDelegationSasUrl(signing, key);
      if (access === "read") return { url, method: "GET", headers: {} };
      return { url, method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" } };
    },
    codeOf: codeOfRest,
    async close() {},
  };
}

function conditionsOf(condition: BlobCondition): { ifMatch?: string; ifNoneMatch?: string } {
  if (condition.kind === "absent") return { ifNoneMatch: "*" };
  return condition.kind === "match" ? { ifMatch: condition.etag } : {};
}

/** The answer of a call, `undefined` where it failed as expected. */
async function unless<T>(
  isExpected: (error: unknown) => boolean,
  call: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}

// https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
function isUnmet(error: unknown): boolean {
  const code = serviceCode(error) ?? "";
  return ["BlobAlreadyExists", "BlobNotFound", "ConditionNotMet"].includes(code);
}

function isAbsent(error: unknown): boolean {
  return serviceCode(error) === "BlobNotFound";
}

function infoOf(found: BlobGetPropertiesResponse | BlobDownloadResponseParsed): BlobInfo {
  const { etag = "", contentLength = 0, contentType = "", metadata = {} } = found;
  const range = "contentRange" in found ? (found.contentRange ?? "") : "";
  // Of a part: `bytes 0-9/512`.
  const [, whole] = /\/(\d+)$/.exec(range) ?? [];
  return { etag, sizeBytes: Number(whole ?? contentLength), contentType, metadata };
}

async function connectTo(account: AzureAccount) {
  const { BlobServiceClient: Client, BlobSASPermissions } = await import("@azure/storage-blob");
  const options = { retryOptions: { maxTries: 1 } };
  const service: BlobServiceClient =
    "endpoint" in account
      ? new Client(account.endpoint, account.identity, options)
      : Client.fromConnectionString(account.connectionString, options);
  return { service, permissionsOf: (letters: string) => BlobSASPermissions.parse(letters) };
}
