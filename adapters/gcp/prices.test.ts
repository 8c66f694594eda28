import { checkPriceBook, costUsd, type PriceBook } from "#shared/routing";
import { expect, it } from "vitest";
import { prices, tier2Prices } from "./prices.ts";

it.each([
  [5, 128, 0.63, 0.72],
  [50, 128, 0.63, 0.72],
  [101, 128, 0.86, 1.05],
  [200, 256, 1.33, 1.7],
  [500, 256, 2.72, 3.64],
  [1000, 512, 9.64, 13.34],
  [10_000, 1024, 165.32, 231.29],
])("prices a million calls of %i ms at %i MB in tier 1 and 2", (durationMs, memoryMb, one, two) => {
  expect(costUsd(prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(one, 2);
  expect(costUsd(tier2Prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(two, 2);
});

it("prices a whole vCPU for ten seconds at 1 GiB", () => {
  const whole: PriceBook = { ...prices, vcpuByMemory: [{ memoryMb: 1024, vcpu: 1 }] };
  const usd = costUsd(whole, { durationMs: 10_000, memoryMb: 1024 }) * 1e6;
  expect(usd).toBeCloseTo(265.4, 2);
});

it("has believable figures", () => {
  expect(() => [prices, tier2Prices].forEach(checkPriceBook)).not.toThrow();
});
