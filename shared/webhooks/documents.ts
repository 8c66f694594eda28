/** What the vendor publishes about itself. Throws what fetching throws; a document that fails to load is not kept. */
export type Documents = {
  /** A plain GET, each time. */
  load(url: string): Promise<Uint8Array>;
  /** The document as it was not longer than `maxAgeMs` ago. */
  kept(url: string, maxAgeMs: number): Promise<Uint8Array>;
};

/** Keeps documents beyond an invocation, which lends its client and its clock. */
export type DocumentCache = {
  open(options: {
    readonly load: (url: string) => Promise<Uint8Array>;
    readonly nowMs: number;
  }): Documents;
};

/** More than the regions that one connection's certificates come from. */
const MAX_DOCUMENTS = 32;

/** Opens an empty cache; the oldest document makes room for a new one. */
export function createDocumentCache(): DocumentCache {
  const kept = new Map<string, { readonly bytes: Uint8Array; readonly atMs: number }>();
  return {
    open: ({ load, nowMs }) => ({
      load,
      async kept(url, maxAgeMs) {
        const found = kept.get(url);
        if (found !== undefined && nowMs - found.atMs <= maxAgeMs) return found.bytes;
        const bytes = await load(url);
        kept.delete(url);
        kept.set(url, { bytes, atMs: nowMs });
        const [oldest] = kept.keys();
        if (kept.size > MAX_DOCUMENTS && oldest !== undefined) kept.delete(oldest);
        return bytes;
      },
    }),
  };
}
