import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMarket } from "./market.ts";
import type { PriceBook } from "./price-book.ts";
import { book, sampleArm } from "./sample.conformance.ts";
import { checkPriceBook, checkPriceMove } from "./price-check.ts";
import { PriceEpochs } from "./price-epochs.ts";

const prices = [
  "usdPerMillionRequests",
  "usdPerGbSecond",
  "usdPerVcpuSecond",
  "usdPerEgressGb",
] as const;
const sizes = [
  "minBilledMs",
  "billingStepMs",
  "minMemoryMb",
  "maxMemoryMb",
  "memoryStepMb",
] as const;
const grants = ["requests", "gbSeconds", "vcpuSeconds", "egressGb"] as const;

/** A book without CPU prices of its own, as Lambda's. */
const plain: PriceBook = {
  ...book,
  usdPerGbSecond: 0.0000133334,
  usdPerVcpuSecond: 0,
  vcpuByMemory: [],
};
const books = fc.constantFrom(book, plain);
/** Per thousand for per million, seconds for hours, cents for dollars, and far more: up or down. */
const wrongUnits = fc
  .constantFrom(100, 1000, 1024, 3600, 1e6, 1e9)
  .chain((factor) => fc.constantFrom(factor, 1 / factor));
const noNumbers = fc.constantFrom<unknown>(Number.NaN, -1, -1e-9, Infinity, -Infinity, undefined);

const moved = (factor: number) => ({ ...book, usdPerGbSecond: book.usdPerGbSecond * factor });
const withFigure = (of: PriceBook, figure: string, value: unknown): PriceBook => ({
  ...of,
  [figure]: value,
});
/** Names the figure, where it was read, and what to do. */
const refusal = (figure: string, source = "https://prices.example") =>
  new RegExp(`^routing.check-prices: ${figure} of "made up" is \\S+ by ${source}; give `);

describe("checkPriceBook", () => {
  it("takes a believable book", () => {
    for (const of of [book, plain]) expect(() => checkPriceBook(of)).not.toThrow();
  });

  it("refuses every price and size that is missing, no number or negative", () => {
    fc.assert(
      fc.property(books, fc.constantFrom(...prices, ...sizes), noNumbers, (of, figure, value) => {
        expect(() => checkPriceBook(withFigure(of, figure, value))).toThrow(refusal(figure));
      }),
    );
  });

  it("refuses every price of a wrong unit, and every zero", () => {
    fc.assert(
      fc.property(books, fc.constantFrom(...prices), wrongUnits, (of, figure, factor) => {
        fc.pre(of[figure] > 0);
        expect(() => checkPriceBook(withFigure(of, figure, of[figure] * factor))).toThrow(
          refusal(figure),
        );
        expect(() => checkPriceBook(withFigure(of, figure, 0))).toThrow(refusal(figure));
      }),
    );
  });

  it("refuses grants that are missing, absurd or would swallow every bill", () => {
    const absurd = fc.oneof(noNumbers, fc.constantFrom<unknown>(1e12, 1e9));
    fc.assert(
      fc.property(fc.constantFrom(...grants), absurd, (name, value) => {
        const wrong = { ...book, grant: { ...book.grant, [name]: value } } as PriceBook;
        expect(() => checkPriceBook(wrong)).toThrow(refusal(name));
      }),
    );
    const none = { ...book };
    Reflect.deleteProperty(none, "grant");
    expect(() => checkPriceBook(none)).toThrow(refusal("requests"));
    expect(() => checkPriceBook({ ...book, grantWeight: 0.5 })).toThrow(/grantWeight/);
  });

  it("takes free egress, which some contracts have, where it is declared", () => {
    const free = { ...book, usdPerEgressGb: 0 };
    expect(() => checkPriceBook({ ...free, isEgressFree: true })).not.toThrow();
    expect(() => checkPriceBook(free)).toThrow(refusal("usdPerEgressGb"));
    expect(() => checkPriceBook({ ...book, isEgressFree: true, usdPerEgressGb: -1 })).toThrow(
      refusal("usdPerEgressGb"),
    );
  });

  it("refuses a figure without a source", () => {
    const sources = { ...book.sources, usdPerGbSecond: "" };
    expect(() => checkPriceBook({ ...book, sources })).toThrow(/usdPerGbSecond .* give the source/);
  });

  it("refuses a CPU table with holes, or one without a price", () => {
    const table = [{ memoryMb: 512, vcpu: Number.NaN }];
    expect(() => checkPriceBook({ ...book, vcpuByMemory: table })).toThrow(/vcpuByMemory/);
    const priced = { ...plain, usdPerVcpuSecond: book.usdPerVcpuSecond };
    expect(() => checkPriceBook(priced)).toThrow(/usdPerVcpuSecond/);
  });
});

describe("createMarket", () => {
  it("takes no absurd price, so that none wins traffic", () => {
    fc.assert(
      fc.property(fc.constantFrom(...prices), wrongUnits, (figure, factor) => {
        const good = sampleArm("good", 1);
        const absurd = { ...good, name: "absurd", scope: "absurd" };
        const wrong = { ...absurd, book: withFigure(book, figure, book[figure] * factor) };
        expect(() => createMarket([good, wrong])).toThrow(refusal(figure));
      }),
    );
  });
});

describe("checkPriceMove", () => {
  it("takes a move of 20 % and refuses more, up or down", () => {
    for (const factor of [0.81, 1, 1.19])
      expect(() => checkPriceMove(moved(factor), book)).not.toThrow();
    for (const factor of [0.79, 1.21])
      expect(() => checkPriceMove(moved(factor), book)).toThrow(/more than 20 %/);
  });
});

describe("PriceEpochs", () => {
  const dearer = { ...book, usdPerGbSecond: book.usdPerGbSecond * 1.5 };

  it("answers with the epoch that holds at a moment", () => {
    const epochs = new PriceEpochs();
    expect(() => epochs.at(0)).toThrow(/no prices hold yet/);
    epochs.propose({ effectiveFromMs: 100, books: [book] });
    epochs.propose({ effectiveFromMs: 200, books: [dearer], approved: true });
    expect([100, 199, 200, 900].map((nowMs) => epochs.at(nowMs).number)).toEqual([1, 1, 2, 2]);
  });

  it("keeps the last good epoch when a proposal is refused", () => {
    const epochs = new PriceEpochs();
    epochs.propose({ effectiveFromMs: 0, books: [book] });
    expect(() => epochs.propose({ effectiveFromMs: 1, books: [dearer] })).toThrow(/approve/);
    fc.assert(
      fc.property(fc.constantFrom(...prices), wrongUnits, fc.boolean(), (figure, by, approved) => {
        const absurd = withFigure(book, figure, book[figure] * by);
        const proposal = { effectiveFromMs: 1, books: [absurd], approved };
        expect(() => epochs.propose(proposal)).toThrow(refusal(figure));
        expect(epochs.at(1)).toMatchObject({ number: 1, books: [book] });
      }),
    );
  });

  it("takes no plan in or out that nobody approved, because a new name has no price to compare", () => {
    const epochs = new PriceEpochs();
    const renamed = { ...dearer, plan: "renamed" };
    expect(() => epochs.propose({ effectiveFromMs: 0, books: [] })).toThrow(/plans are none/);
    epochs.propose({ effectiveFromMs: 0, books: [book] });
    for (const proposed of [[renamed], [book, renamed], []])
      expect(() => epochs.propose({ effectiveFromMs: 1, books: proposed })).toThrow(
        /the plans are .* were/,
      );
    epochs.propose({ effectiveFromMs: 1, books: [renamed], approved: true });
    expect(epochs.at(1).number).toBe(2);
  });

  it("refuses an epoch that would start before the last", () => {
    const epochs = new PriceEpochs();
    epochs.propose({ effectiveFromMs: 100, books: [book] });
    for (const effectiveFromMs of [99, Number.NaN])
      expect(() => epochs.propose({ effectiveFromMs, books: [book] })).toThrow(/cannot start at/);
  });
});
