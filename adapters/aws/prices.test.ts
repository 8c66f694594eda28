import { checkPriceBook, costUsd } from "#shared/routing";
import { expect, it } from "vitest";
import { prices, x86Prices } from "./prices.ts";

it.each([
  [5, 128, 0.21, 0.21],
  [50, 128, 0.3, 0.28],
  [101, 128, 0.41, 0.37],
  [200, 256, 1.03, 0.87],
  [500, 256, 2.28, 1.87],
  [1000, 512, 8.53, 6.87],
  [10_000, 1024, 166.87, 133.53],
])("prices a million calls of %i ms at %i MB on x86 and arm", (durationMs, memoryMb, x86, arm) => {
  expect(costUsd(x86Prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(x86, 2);
  expect(costUsd(prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(arm, 2);
});

it("has believable figures", () => {
  expect(() => [prices, x86Prices].forEach(checkPriceBook)).not.toThrow();
});
