import { costUsd } from "#shared/routing";
import { expect, it } from "vitest";
import { prices } from "./prices.ts";

it.each([
  [5, 128, 0.63],
  [101, 128, 0.86],
  [200, 256, 1.33],
  [1000, 512, 9.64],
])("prices a million calls of %i ms at %i MB", (durationMs, memoryMb, usd) => {
  expect(costUsd(prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(usd, 2);
});
