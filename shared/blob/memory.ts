import type { Clock } from "#shared/function";
import { MAX_BLOB_BYTES } from "./content.ts";
import type { BlobAddress, BlobContent, BlobDriver, BlobRange, SignedUrl } from "./driver.ts";
import { holds } from "./objects.ts";

/** A blob driver whose signed URLs a test can use. */
export type MemoryBlobs = BlobDriver & {
  /** What a holder of the URL gets: content for a read, 200 for a write, 403 for what was not signed or is over. */
  visit(
    signed: SignedUrl,
    body?: Uint8Array,
  ): { readonly status: number; readonly body: Uint8Array };
};

/** Reference driver: what the conformance suite means, in memory. Without a clock a signed URL never expires. */
export function memoryBlobs(clock?: Pick<Clock, "now">): MemoryBlobs {
  const blobs = new Map<string, BlobContent>();
  const signed = new Map<string, { address: string; expiresAtMs: number }>();
  let writes = 0;
  const write = (address: string, blob: Omit<BlobContent, "etag" | "sizeBytes">): string => {
    writes += 1;
    const body = Uint8Array.from(blob.body);
    blobs.set(address, { ...blob, body, etag: `"${writes}"`, sizeBytes: body.byteLength });
    return `"${writes}"`;
  };
  return {
    name: "memory",
    maxBlobBytes: MAX_BLOB_BYTES,
    async put({ at, condition, body, contentType, metadata }, signal) {
      signal?.throwIfAborted();
      if (!holds(condition, blobs.get(addressOf(at)))) return { ok: false };
      return { ok: true, etag: write(addressOf(at), { body, contentType, metadata }) };
    },
    async head(at, signal) {
      signal?.throwIfAborted();
      return blobs.get(addressOf(at));
    },
    async get(at, range, signal) {
      signal?.throwIfAborted();
      const found = blobs.get(addressOf(at));
      if (found === undefined) return undefined;
      const body = partOf(found.body, range);
      return body === undefined ? "outside" : { ...found, body };
    },
    async delete(at, condition, signal) {
      signal?.throwIfAborted();
      if (!holds(condition, blobs.get(addressOf(at)))) return false;
      blobs.delete(addressOf(at));
      return true;
    },
    async list({ bucket, prefix, after, limit }, signal) {
      signal?.throwIfAborted();
      const own = addressOf({ bucket, key: "" });
      const items = [...blobs].map(([address, { etag, sizeBytes }]) => {
        return { key: address.startsWith(own) ? address.slice(own.length) : "", etag, sizeBytes };
      });
      const wanted = items.filter(
        ({ key }) => key !== "" && key.startsWith(prefix) && (after === undefined || key > after),
      );
      return wanted.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit);
    },
    async sign({ at, access, nowMs, expiresInSeconds }, signal) {
      signal?.throwIfAborted();
      const url = `memory:${access}:${signed.size}:${addressOf(at)}`;
      signed.set(url, { address: addressOf(at), expiresAtMs: nowMs + expiresInSeconds * 1000 });
      return { url, method: access === "read" ? "GET" : "PUT", headers: {} };
    },
    visit({ url, method }, body) {
      const grant = signed.get(url);
      const isOver = clock !== undefined && grant !== undefined && clock.now() >= grant.expiresAtMs;
      const isRead = url.startsWith("memory:read:");
      if (grant === undefined || isOver || isRead !== (method === "GET")) return answer(403);
      if (isRead) {
        const found = blobs.get(grant.address);
        return found === undefined ? answer(404) : answer(200, Uint8Array.from(found.body));
      }
      const contentType = "application/octet-stream";
      write(grant.address, { body: body ?? new Uint8Array(), contentType, metadata: {} });
      return answer(200);
    },
    codeOf: () => undefined,
    async close() {},
  };
}

function answer(status: number, body = new Uint8Array()): { status: number; body: Uint8Array } {
  return { status, body };
}

// Neither part holds a slash.
function addressOf({ bucket, key }: BlobAddress): string {
  return `${bucket}/${key}`;
}

function partOf(body: Uint8Array, range: BlobRange | undefined): Uint8Array | undefined {
  if (range === undefined) return Uint8Array.from(body);
  if (range.offset >= body.byteLength) return undefined;
  const { offset, lengthBytes = body.byteLength } = range;
  return Uint8Array.from(body.subarray(offset, offset + lengthBytes));
}
