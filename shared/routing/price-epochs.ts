import { Fault } from "#shared/errors";
import type { PriceBook } from "./price-book.ts";
import { checkPriceBook, checkPriceMove } from "./price-check.ts";

/** Every plan's prices from a moment on. Decisions log the number, so that each can be explained later. */
export type PriceEpoch = {
  readonly number: number;
  readonly effectiveFromMs: number;
  readonly books: readonly PriceBook[];
};

export type Proposal = Omit<PriceEpoch, "number"> & {
  /** A person has looked at the moves of more than 20 %. It never lets an absurd figure through. */
  readonly approved?: boolean;
};

/** The history of prices. A proposal that is refused changes nothing: the last good epoch goes on. */
export class PriceEpochs {
  readonly #epochs: PriceEpoch[] = [];

  /**
   * Adds an epoch, checked against the last. Throws `invalid_argument` for absurd figures or a start before the last
   * epoch's, and `failed_precondition` for moves, or plans that come and go, which nobody approved.
   */
  propose({ effectiveFromMs, books, approved = false }: Proposal): PriceEpoch {
    for (const book of books) checkPriceBook(book);
    const last = this.#epochs.at(-1);
    if (!Number.isFinite(effectiveFromMs) || effectiveFromMs < (last?.effectiveFromMs ?? -Infinity))
      throw misplaced(effectiveFromMs);
    if (books.length === 0) throw unlike([], last?.books ?? []);
    if (last !== undefined && !approved) compare(books, last.books);
    const epoch = { number: this.#epochs.length + 1, effectiveFromMs, books };
    this.#epochs.push(epoch);
    return epoch;
  }

  /** The epoch that holds at a moment. Throws `failed_precondition` before the first. */
  at(nowMs: number): PriceEpoch {
    const epoch = this.#epochs.findLast(({ effectiveFromMs }) => effectiveFromMs <= nowMs);
    if (epoch !== undefined) return epoch;
    throw new Fault(
      "failed_precondition",
      "routing.price-epochs: no prices hold yet; propose an epoch that starts earlier",
    );
  }
}

/** A plan under another name has no price before it, so that any price of it would pass. */
function compare(books: readonly PriceBook[], last: readonly PriceBook[]): void {
  if (books.length !== last.length) throw unlike(books, last);
  for (const book of books) {
    const before = last.find(({ plan }) => plan === book.plan);
    if (before === undefined) throw unlike(books, last);
    checkPriceMove(book, before);
  }
}

function unlike(books: readonly PriceBook[], last: readonly PriceBook[]): Fault {
  return new Fault(
    "failed_precondition",
    `routing.price-epochs: the plans are ${plansOf(books)}, and were ${plansOf(last)}; approve the epoch or correct it`,
    { origin: "upstream" },
  );
}

function plansOf(books: readonly PriceBook[]): string {
  return books.map(({ plan }) => `"${plan}"`).join(", ") || "none";
}

function misplaced(effectiveFromMs: number): Fault {
  return new Fault(
    "invalid_argument",
    `routing.price-epochs: an epoch cannot start at ${effectiveFromMs}; start it after the last one`,
  );
}
