import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKETS, bucketOf, LatencyHistograms, upperEdge } from "./latency-histogram.ts";

const shares = fc.double({ min: 0.001, max: 20, noNaN: true });

describe("LatencyHistograms", () => {
  it("counts a share in the bucket that ends at or above it", () => {
    fc.assert(
      fc.property(shares, (share) => {
        const bucket = bucketOf(share);
        expect(upperEdge(bucket)).toBeGreaterThanOrEqual(share * (1 - 1e-12));
        const below = bucket === 0 ? 0 : upperEdge(bucket - 1);
        expect(below).toBeLessThan(share * (1 + 1e-12));
      }),
    );
  });

  it("puts the target on an edge: at it is kept, above it is not", () => {
    expect(upperEdge(bucketOf(1))).toBe(1);
    expect(bucketOf(1 + 1e-9)).toBe(bucketOf(1) + 1);
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(1e9)).toBe(BUCKETS - 1);
  });

  it("gives a p95 that is never below the exact one and at most a quarter above, and counts late calls exactly", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 4, noNaN: true }), { minLength: 1 }),
        (all) => {
          const histograms = new LatencyHistograms(2);
          for (const share of all) histograms.record(1, share);
          const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * 0.95) - 1] ?? 0;
          const found = histograms.quantile(1, 0.95);
          expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-12));
          expect(found).toBeLessThanOrEqual(exact * 1.25 * (1 + 1e-12));
          expect(histograms.overTarget(1)).toBe(all.filter((share) => share > 1).length);
          expect(histograms.total(0)).toBe(0);
        },
      ),
    );
  });

  it("halves before a count overflows", () => {
    const histograms = new LatencyHistograms(1);
    for (let call = 0; call < 70_000; call++) histograms.record(0, 0.5);
    expect(histograms.total(0)).toBeGreaterThan(30_000);
    expect(histograms.total(0)).toBeLessThan(65_536);
  });
});
