import { type ClientScope, noteUse, type Ports, type Use } from "#shared/function";
import { Attempts, unknownOutcome } from "#shared/portable";
import { ownEtag } from "./content.ts";
import type {
  BlobAddress,
  BlobCondition,
  BlobContent,
  BlobInfo,
  BlobItem,
  BlobListing,
  BlobPut,
  BlobRange,
  BlobSigning,
  SignedUrl,
} from "./driver.ts";

export type BlobPorts = Pick<Ports, "blob" | "clock" | "random">;

/** A write happened (a deleted blob has no etag), or met another blob, which is shown as it was a moment later. */
export type ObjectWriteResult =
  | { readonly ok: true; readonly etag: string }
  | { readonly ok: false; readonly current: BlobInfo | undefined };

const UNKNOWN =
  "blob.write: the store broke off and the blob has changed since, so the outcome is unknown; read it and decide";

/**
 * A driver with bounded retries. Reads are repeated. Where the store broke off and a write may have happened, the blob
 * tells: one that carries the id of our write proves that it did. Otherwise the write is repeated under its condition,
 * and if that is refused now, our own first attempt may be the reason: the outcome is unknown. What nobody can see is a
 * write of ours that another undid or overwrote before we looked: a create may then happen again after the deletion, and
 * an unconditional write over the other's, whose order its caller said does not matter.
 */
export class Objects {
  readonly #ports: BlobPorts;
  readonly #signal: AbortSignal;
  readonly #attempts: Attempts;
  readonly #used: Use[] | undefined;

  constructor(ports: BlobPorts, { signal, used }: Pick<ClientScope, "signal" | "used">) {
    this.#ports = ports;
    this.#used = used;
    this.#signal = signal;
    this.#attempts = new Attempts(ports.blob, ports, signal);
  }

  head(at: BlobAddress): Promise<BlobInfo | undefined> {
    return this.#asked("blobRead", () => this.#ports.blob.head(at, this.#signal));
  }

  get(at: BlobAddress, range: BlobRange | undefined): Promise<BlobContent | "outside" | undefined> {
    return this.#asked("blobRead", () => this.#ports.blob.get(at, range, this.#signal));
  }

  list(listing: BlobListing): Promise<readonly BlobItem[]> {
    return this.#asked("blobList", () => this.#ports.blob.list(listing, this.#signal));
  }

  sign(signing: BlobSigning): Promise<SignedUrl> {
    return this.#attempts.run(() => this.#ports.blob.sign(signing, this.#signal));
  }

  /** Throws `unavailable` when it cannot be told whether the write happened. */
  put(put: BlobPut): Promise<ObjectWriteResult> {
    return this.#settle(put.at, {
      attempt: async () => {
        const result = await this.#ports.blob.put(put, this.#signal);
        this.#note("blobWrite");
        return result.ok ? result.etag : undefined;
      },
      proof: (current) => ownEtag(put, current),
    });
  }

  /** Throws `unavailable` when it cannot be told whether it was this call that deleted. */
  async delete(
    at: BlobAddress,
    condition: Exclude<BlobCondition, { kind: "absent" }>,
  ): Promise<ObjectWriteResult> {
    return this.#settle(at, {
      attempt: async () => {
        const isDeleted = await this.#ports.blob.delete(at, condition, this.#signal);
        this.#note("blobDelete");
        return isDeleted ? "" : undefined;
      },
      // Nothing is left that could tell who deleted it.
      proof: () => undefined,
    });
  }

  #asked<T>(operation: BlobOperation, ask: () => Promise<T>): Promise<T> {
    return this.#attempts.run(async () => {
      const answer = await ask();
      this.#note(operation);
      return answer;
    });
  }

  /** No store of blobs counts the bytes of an operation. */
  #note(operation: BlobOperation): void {
    noteUse(this.#used, operation, this.#ports.blob);
  }

  async #settle(at: BlobAddress, write: Write): Promise<ObjectWriteResult> {
    let isDoubtful = false;
    const attempt = async (): Promise<ObjectWriteResult> => {
      const etag = await write.attempt();
      if (etag !== undefined) return { ok: true, etag };
      const current = await this.head(at);
      const own = write.proof(current);
      if (own !== undefined) return { ok: true, etag: own };
      if (isDoubtful) throw unknownOutcome(UNKNOWN);
      return { ok: false, current };
    };
    const resolve = async (): Promise<ObjectWriteResult | undefined> => {
      isDoubtful = true;
      const own = write.proof(await this.head(at));
      return own === undefined ? undefined : { ok: true, etag: own };
    };
    try {
      return await this.#attempts.run(attempt, resolve);
    } catch (thrown) {
      // What was given up on may still be on its way, whatever the last attempt failed of.
      throw isDoubtful ? unknownOutcome(UNKNOWN) : thrown;
    }
  }
}

type BlobOperation = "blobRead" | "blobWrite" | "blobList" | "blobDelete";

type Write = {
  /** Gives an etag, or `undefined` when the condition did not hold. */
  readonly attempt: () => Promise<string | undefined>;
  /** The etag of what this write left, if that is what is there. */
  readonly proof: (current: BlobInfo | undefined) => string | undefined;
};

/** Whether a blob meets a condition; what every driver's condition means. */
export function holds(
  condition: BlobCondition,
  current: Pick<BlobInfo, "etag"> | undefined,
): boolean {
  if (condition.kind === "any") return true;
  if (condition.kind === "absent") return current === undefined;
  return current?.etag === condition.etag;
}
