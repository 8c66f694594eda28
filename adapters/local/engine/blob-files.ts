import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type BlobAddress,
  type BlobCondition,
  type BlobContent,
  type BlobDriver,
  type BlobInfo,
  type BlobItem,
  type BlobListing,
  type BlobPut,
  type BlobPutResult,
  type BlobRange,
  type BlobSigning,
  holds,
  MAX_BLOB_BYTES,
  type SignedUrl,
} from "#shared/blob";
import { type Code, Fault } from "#shared/errors";
import { type Clock, type Lazily, lazily } from "#shared/function";
import { readBlobFile, readBlobHeader, writeBlobFile } from "./blob-file.ts";
import type { BlobSigner } from "./blob-signer.ts";

type Held = BlobInfo & BlobAddress;

export type BlobFilesOptions = {
  /** Made at first use. */
  readonly folder: string;
  readonly clock: Pick<Clock, "now">;
  readonly signer: BlobSigner;
};

/**
 * Blobs as files, one each, for the process that owns the data folder. A blob is written beside its place, brought to
 * disk and renamed, so that a crash leaves the old one or the new one; a condition is checked while no other write of
 * the same blob runs. Names are hashes of keys, which no file system folds or finds too long.
 */
export class BlobFiles implements BlobDriver {
  readonly name = "files";
  readonly maxBlobBytes = MAX_BLOB_BYTES;
  readonly #options: BlobFilesOptions;
  readonly #turns = new Map<string, Promise<unknown>>();
  /** What lies in the folder, read once and kept. */
  readonly #index: Lazily<Map<string, Held>>;
  #isClosed = false;

  constructor(options: BlobFilesOptions) {
    this.#options = options;
    this.#index = lazily(() => readFolder(options));
  }

  async put(put: BlobPut, signal: AbortSignal | undefined): Promise<BlobPutResult> {
    const { at, body, contentType, metadata, condition } = put;
    const path = this.#path(at);
    const etag = `"${randomUUID()}"`;
    const temporary = `${path}.${randomUUID()}.new`;
    const index = await this.#opened(signal);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeBlobFile(temporary, { ...at, etag, contentType, metadata }, body);
    try {
      const done = await this.#inTurn(path, async () => {
        signal?.throwIfAborted();
        if (!holds(condition, index.get(path))) return false;
        await rename(temporary, path);
        const sizeBytes = body.byteLength;
        index.set(path, { ...at, etag, sizeBytes, contentType, metadata });
        await syncFolder(dirname(path));
        return true;
      });
      return done ? { ok: true, etag } : { ok: false };
    } finally {
      // It is there unless it was renamed.
      await unlink(temporary).catch(() => undefined);
    }
  }

  async head(at: BlobAddress, signal: AbortSignal | undefined): Promise<BlobInfo | undefined> {
    return (await this.#opened(signal)).get(this.#path(at));
  }

  async get(
    at: BlobAddress,
    range: BlobRange | undefined,
    signal: AbortSignal | undefined,
  ): Promise<BlobContent | "outside" | undefined> {
    const path = this.#path(at);
    if (!(await this.#opened(signal)).has(path)) return undefined;
    try {
      return await readBlobFile(path, range);
    } catch (error) {
      // Deleted between the two looks.
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  async delete(
    at: BlobAddress,
    condition: BlobCondition,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const path = this.#path(at);
    const index = await this.#opened(signal);
    return this.#inTurn(path, async () => {
      signal?.throwIfAborted();
      const current = index.get(path);
      if (!holds(condition, current)) return false;
      if (current === undefined) return true;
      await unlink(path);
      index.delete(path);
      await syncFolder(dirname(path));
      return true;
    });
  }

  async list(
    { bucket, prefix, after = "", limit }: BlobListing,
    signal: AbortSignal | undefined,
  ): Promise<readonly BlobItem[]> {
    const items: BlobItem[] = [];
    for (const held of (await this.#opened(signal)).values()) {
      const { key, etag, sizeBytes } = held;
      if (held.bucket === bucket && key.startsWith(prefix) && key > after) {
        items.push({ key, etag, sizeBytes });
      }
    }
    return items.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, limit);
  }

  async sign(signing: BlobSigning, signal: AbortSignal | undefined): Promise<SignedUrl> {
    signal?.throwIfAborted();
    return this.#options.signer.sign(signing);
  }

  codeOf(error: unknown): Code | undefined {
    return Fault.is(error) ? error.code : errnoCodes[errnoOf(error)];
  }

  /** The engine owns the folder. */
  async close(): Promise<void> {}

  /** Takes no more; resolves when what was begun is done. */
  async end(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#turns.values());
  }

  /** What lies in the folder, read once and kept; throws `unavailable` after the end. */
  async #opened(signal: AbortSignal | undefined): Promise<Map<string, Held>> {
    signal?.throwIfAborted();
    if (this.#isClosed) {
      throw new Fault("unavailable", "blob.open: the engine is closed; start it again");
    }
    return this.#index();
  }

  #path({ bucket, key }: BlobAddress): string {
    const name = createHash("sha256").update(key).digest("hex");
    return join(this.#options.folder, bucket, `${name}.blob`);
  }

  async #inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(path) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(path, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(path) === settled) this.#turns.delete(path);
    }
  }
}

/** Reads all headers; deletes what a crash left half-written, and what has outlived its bucket's days. */
async function readFolder({ folder, clock }: BlobFilesOptions): Promise<Map<string, Held>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const index = new Map<string, Held>();
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of files.filter((entry) => entry.isFile())) {
    const path = join(parentPath, name);
    const held = name.endsWith(".blob") ? await readBlobHeader(path) : undefined;
    const expiresAtSeconds = Number(held?.metadata["expires"] ?? Infinity);
    if (held !== undefined && expiresAtSeconds > clock.now() / 1000) index.set(path, held);
    else await unlink(path);
  }
  return index;
}

/** Brings a rename or a deletion to disk, where the system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

// https://nodejs.org/api/errors.html#common-system-errors
const errnoCodes: Readonly<Record<string, Code>> = {
  EACCES: "permission_denied",
  EPERM: "permission_denied",
  EDQUOT: "resource_exhausted",
  ENOSPC: "resource_exhausted",
  EIO: "unavailable",
  EMFILE: "unavailable",
  ENFILE: "unavailable",
};

function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "";
}
