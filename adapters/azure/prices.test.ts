import { checkPriceBook, costUsd } from "#shared/routing";
import { expect, it } from "vitest";
import { flexPrices, prices } from "./prices.ts";

it.each([
  [5, 128, 0.4],
  [50, 128, 0.4],
  [101, 128, 0.402],
  [200, 256, 1],
  [500, 256, 2.2],
  [1000, 512, 8.2],
  [10_000, 1024, 160.2],
])("prices a million calls of %i ms at %i MB", (durationMs, memoryMb, usd) => {
  expect(costUsd(prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(usd, 3);
});

it.each([
  [5, 128, 13.4],
  [1000, 512, 13.4],
  [1001, 512, 14.7],
  [10_000, 1024, 520.4],
])("prices a million calls of %i ms at %i MB on Flex", (durationMs, memoryMb, usd) => {
  expect(costUsd(flexPrices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(usd, 3);
});

it("has believable figures", () => {
  expect(() => [prices, flexPrices].forEach(checkPriceBook)).not.toThrow();
});
