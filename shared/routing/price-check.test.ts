import { describe, expect, it } from "vitest";
import { book } from "./sample.conformance.ts";
import { checkPriceBook, checkPriceMove } from "./price-check.ts";
import { PriceEpochs } from "./price-epochs.ts";

const figures = [
  "usdPerMillionRequests",
  "usdPerGbSecond",
  "usdPerVcpuSecond",
  "usdPerEgressGb",
  "minBilledMs",
  "billingStepMs",
  "memoryStepMb",
] as const;
const absurd = [Number.NaN, -1, Infinity, 1e12];

const moved = (factor: number) => ({ ...book, usdPerGbSecond: book.usdPerGbSecond * factor });

describe("checkPriceBook", () => {
  it("takes a believable book", () => {
    expect(() => checkPriceBook(book)).not.toThrow();
  });

  it.each(figures.flatMap((figure) => absurd.map((value) => [figure, value] as const)))(
    "refuses %s of %d and names it",
    (figure, value) => {
      expect(() => checkPriceBook({ ...book, [figure]: value })).toThrow(
        new RegExp(`^routing.check-prices: ${figure} .* is ${value}`),
      );
    },
  );

  it.each(["usdPerMillionRequests", "usdPerGbSecond", "usdPerVcpuSecond"] as const)(
    "refuses %s that is free, a millionth or a million times as dear",
    (figure) => {
      for (const factor of [0, 1e-6, 1e6]) {
        const wrong = { ...book, [figure]: book[figure] * factor };
        expect(() => checkPriceBook(wrong)).toThrow(/^routing.check-prices: usdPer/);
      }
    },
  );

  it("takes free egress, which some contracts have, and refuses absurd grants", () => {
    expect(() => checkPriceBook({ ...book, usdPerEgressGb: 0 })).not.toThrow();
    for (const requests of absurd) {
      const wrong = { ...book, grant: { ...book.grant, requests } };
      expect(() => checkPriceBook(wrong)).toThrow(/requests/);
    }
    expect(() => checkPriceBook({ ...book, grantWeight: 0.5 })).toThrow(/grantWeight/);
  });

  it("refuses a CPU table with holes, or one without a price", () => {
    const table = [{ memoryMb: 512, vcpu: Number.NaN }];
    expect(() => checkPriceBook({ ...book, vcpuByMemory: table })).toThrow(/vcpuByMemory/);
    expect(() => checkPriceBook({ ...book, vcpuByMemory: [] })).toThrow(/usdPerVcpuSecond/);
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
    const free = { ...book, usdPerGbSecond: 0 };
    const proposal = { effectiveFromMs: 1, books: [free], approved: true };
    expect(() => epochs.propose(proposal)).toThrow(/usdPerGbSecond/);
    expect(epochs.at(1)).toMatchObject({ number: 1, books: [book] });
  });

  it("refuses an epoch that would start before the last", () => {
    const epochs = new PriceEpochs();
    epochs.propose({ effectiveFromMs: 100, books: [book] });
    for (const effectiveFromMs of [99, Number.NaN])
      expect(() => epochs.propose({ effectiveFromMs, books: [book] })).toThrow(/cannot start at/);
  });
});
