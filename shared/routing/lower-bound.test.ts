import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lowerBound } from "./lower-bound.ts";
import { overflowUsd } from "./market.ts";

const ARMS = 3;

/** Calls with their use of each resource on each arm, small enough to try every assignment. */
type Instance = {
  readonly prices: Float64Array;
  readonly grants: Float64Array;
  /** By item, arm, resource. */
  readonly use: readonly (readonly (readonly number[])[])[];
  readonly fee: readonly (readonly number[])[];
};

const RESOURCES = 4;
/** Sixteenths, so that sums are exact and a failure reads well. */
const amounts = (most: number) => fc.nat(most * 16).map((value) => value / 16);
const list = <T>(of: fc.Arbitrary<T>, length: number) =>
  fc.array(of, { minLength: length, maxLength: length });

const instances: fc.Arbitrary<Instance> = fc.integer({ min: 1, max: 5 }).chain((items) =>
  fc.record({
    prices: list(amounts(3), RESOURCES).map((values) => Float64Array.from(values)),
    grants: list(fc.oneof(fc.constant(0), amounts(items * 2)), RESOURCES).map((values) =>
      Float64Array.from(values),
    ),
    use: list(list(list(amounts(5), RESOURCES), ARMS), items),
    fee: list(list(fc.oneof(fc.constant(0), amounts(2)), ARMS), items),
  }),
);

function bound({ prices, grants, use, fee }: Instance) {
  return lowerBound({
    prices,
    grants,
    cheapest: (duals, usage) => {
      let fees = 0;
      for (const [item, arms] of use.entries()) {
        const usd = arms.map(
          (units, arm) =>
            (fee[item]?.[arm] ?? 0) +
            units.reduce((sum, unit, r) => sum + unit * (duals[r] ?? 0), 0),
        );
        const best = usd.indexOf(Math.min(...usd));
        fees += fee[item]?.[best] ?? 0;
        for (const [r, unit] of (arms[best] ?? []).entries()) usage[r] = (usage[r] ?? 0) + unit;
      }
      return fees;
    },
  });
}

/** The cost of the best of all assignments. */
function optimum({ prices, grants, use, fee }: Instance): number {
  let best = Infinity;
  for (let code = 0; code < ARMS ** use.length; code++) {
    const usage = new Float64Array(RESOURCES);
    let usd = 0;
    for (const [item, arms] of use.entries()) {
      const arm = Math.floor(code / ARMS ** item) % ARMS;
      usd += fee[item]?.[arm] ?? 0;
      for (const [r, unit] of (arms[arm] ?? []).entries()) usage[r] = (usage[r] ?? 0) + unit;
    }
    best = Math.min(best, usd + overflowUsd(prices, grants, usage));
  }
  return best;
}

/** The most that one call can cost: what splitting it can win at most. */
function dearestItem({ prices, use, fee }: Instance): number {
  const costs = use.flatMap((arms, item) =>
    arms.map(
      (units, arm) =>
        (fee[item]?.[arm] ?? 0) + units.reduce((sum, unit, r) => sum + unit * (prices[r] ?? 0), 0),
    ),
  );
  return Math.max(...costs);
}

describe("lowerBound", () => {
  it("is never above the optimum, and below it by less than a dearest call per grant", () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const { usd } = bound(instance);
        const exact = optimum(instance);
        const granted = instance.grants.filter((grant) => grant > 0).length;
        expect(usd).toBeLessThanOrEqual(exact + 1e-9);
        expect(exact - usd).toBeLessThanOrEqual(
          granted * dearestItem(instance) + 1e-6 * exact + 1e-9,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("stops at the linear program's optimum: nothing is left between it and the master's proof", () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const { usd, relaxedUsd, mix } = bound(instance);
        expect(relaxedUsd - usd).toBeLessThanOrEqual(1e-6 * Math.max(1, relaxedUsd));
        expect(relaxedUsd - usd).toBeGreaterThanOrEqual(-1e-9);
        expect(mix.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
      }),
    );
  });

  it("is exact without grants", () => {
    fc.assert(
      fc.property(instances, (some) => {
        const instance = { ...some, grants: new Float64Array(RESOURCES) };
        expect(bound(instance).usd).toBeCloseTo(optimum(instance), 6);
      }),
    );
  });

  // 100 GB a month are free: left out of the grants, the "bound" lies above what is really paid.
  it("would be too high if free egress were charged from the first byte", () => {
    const use = [[[0, 0, 0, 2]]];
    const free: Instance = {
      prices: Float64Array.of(1, 1, 1, 0.09),
      grants: Float64Array.of(0, 0, 0, 100),
      use,
      fee: [[0]],
    };
    const wrong = { ...free, grants: new Float64Array(RESOURCES) };
    expect(bound(free).usd).toBe(0);
    expect(bound(wrong).usd).toBeGreaterThan(optimum1(free));
  });
});

/** The only assignment of a single call to a single arm. */
function optimum1({ prices, grants, use }: Instance): number {
  return overflowUsd(prices, grants, Float64Array.from(use[0]?.[0] ?? []));
}
