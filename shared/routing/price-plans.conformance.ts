import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Operation,
  type OperationPrice,
  type OperationPrices,
  OPERATIONS,
  operationUsd,
} from "#shared/operations";
import { checkOperationPrices } from "./operation-check.ts";
import { billedUnits, costUsd, type PriceBook, type Tariff, type Usage } from "./price-book.ts";
import { checkPriceBook } from "./price-check.ts";

/** A call, and what a plan bills for it: the rounding, which no price list tells, and no price. */
export type BilledExample = readonly [
  durationMs: number,
  memoryMb: number,
  gbSeconds: number,
  vcpuSeconds?: number,
];

export type PricePlans = {
  /** The first is the one that the tariff of functions is taken from. */
  readonly plans: readonly {
    readonly book: PriceBook;
    readonly examples: readonly BilledExample[];
  }[];
  readonly tariff: Tariff;
  readonly operations: OperationPrices;
  /** Prices of products that can be chosen instead. */
  readonly alternatives: Readonly<Record<string, OperationPrice>>;
  /** Operations that this cloud charges nothing for. */
  readonly free: readonly Operation[];
};

const prices = [
  "usdPerMillionRequests",
  "usdPerGbSecond",
  "usdPerVcpuSecond",
  "usdPerEgressGb",
] as const;

/** What every cloud's prices keep, whatever the figures of the day are. */
export function pricePlansConformance(cloud: string, cloudPlans: PricePlans): void {
  const { plans, tariff } = cloudPlans;
  describe(`the prices of ${cloud}`, () => {
    describe.each(plans)("$book.plan", ({ book, examples }) => {
      planRules(book, examples);
    });

    it("gives functions the figures of its first plan", () => {
      expect(plans[0]?.book).toMatchObject(tariff);
      const names = new Set(plans.map(({ book }) => book.plan));
      expect(names.size).toBe(plans.length);
    });

    operationRules(cloud, cloudPlans);
  });
}

function planRules(book: PriceBook, examples: readonly BilledExample[]): void {
  const rows = examples.map(
    ([durationMs, memoryMb, gbSeconds, vcpuSeconds = 0]) =>
      [durationMs, memoryMb, gbSeconds, vcpuSeconds] as const,
  );
  it.each(rows)("bills %d ms at %i MB", (durationMs, memoryMb, gbSeconds, vcpuSeconds) => {
    const usage: Usage = { durationMs, memoryMb };
    const units = billedUnits(book, usage);
    expect(units.requests).toBe(1);
    expect(units.gbSeconds).toBeCloseTo(gbSeconds, 9);
    expect(units.vcpuSeconds).toBeCloseTo(vcpuSeconds, 9);
    const usd =
      book.usdPerMillionRequests / 1e6 +
      gbSeconds * book.usdPerGbSecond +
      vcpuSeconds * book.usdPerVcpuSecond;
    expect(costUsd(book, usage)).toBeCloseTo(usd, 12);
  });

  it("has believable figures, each with a page to read it at", () => {
    expect(() => checkPriceBook(book)).not.toThrow();
    for (const source of Object.values(book.sources)) expect(source).toMatch(/^https:\/\//);
    expect(book.effectiveFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it("would be refused with any price of a wrong unit, or none", () => {
    const wrong = fc.constantFrom(100, 1000, 1024, 3600, 1e6, 0.01, 1e-3, 1e-6, 0, -1, Number.NaN);
    fc.assert(
      fc.property(fc.constantFrom(...prices), wrong, (figure, factor) => {
        fc.pre(book[figure] > 0);
        const absurd = { ...book, [figure]: book[figure] * factor };
        const at = book.sources[figure].replaceAll(/[.?$()']/g, "\\$&");
        expect(() => checkPriceBook(absurd)).toThrow(new RegExp(`${figure} .* by ${at}; give`));
      }),
    );
  });
}

function operationRules(cloud: string, { operations, alternatives, free }: PricePlans): void {
  it("prices every operation believably, and says which are free", () => {
    expect(() => checkOperationPrices(cloud, operations)).not.toThrow();
    const unpaid = OPERATIONS.filter((name) => operations.operations[name].isFree === true);
    expect(unpaid.toSorted()).toEqual(free.toSorted());
  });

  it.each(Object.entries(alternatives))("prices %s believably as well", (_name, price) => {
    const instead = { ...operations.operations, topicPublish: price };
    expect(() => checkOperationPrices(cloud, { ...operations, operations: instead })).not.toThrow();
    expect(operationUsd(price)).toBeGreaterThan(0);
  });
}
