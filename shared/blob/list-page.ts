import { Fault } from "#shared/errors";
import { Etag } from "./content.ts";
import type { TenantKeys } from "./keys.ts";
import type { Objects } from "./objects.ts";

/** What a list tells of a blob. */
export type BlobEntry = { readonly key: string; readonly etag: Etag; readonly sizeBytes: number };

/** One page; `cursor` is there exactly when more follow. */
export type BlobPage = { readonly items: readonly BlobEntry[]; readonly cursor?: string };

export type ListOptions = {
  /** Only keys that begin so. */
  readonly prefix?: string;
  /** The cursor of the page before. It stays valid while blobs come and go. */
  readonly after?: string | undefined;
  /** At most 1,000; 100 when left out. */
  readonly limit?: number;
};

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Looks one blob ahead, so that the cursor never lies. */
export async function listPage(
  objects: Objects,
  bucket: string,
  keys: TenantKeys,
  options: ListOptions,
): Promise<BlobPage> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new Fault(
      "invalid_argument",
      `blob.list: limit must be a whole number from 1 to ${MAX_LIMIT}`,
      { origin: "caller" },
    );
  }
  const found = await objects.list({
    bucket,
    prefix: keys.prefix(options.prefix ?? ""),
    after: options.after === undefined ? undefined : keys.after(options.after),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const items = page.map(({ key, etag, sizeBytes }) => ({
    key: keys.logical(key),
    etag: Etag.parse(etag),
    sizeBytes,
  }));
  const last = page.at(-1);
  return found.length <= limit || last === undefined
    ? { items }
    : { items, cursor: keys.cursor(last.key) };
}
