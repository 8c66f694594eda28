import { costUsd } from "#shared/routing";
import { expect, it } from "vitest";
import { prices } from "./prices.ts";

it.each([
  [5, 128, 0.4],
  [101, 128, 0.402],
  [200, 256, 1],
  [1000, 512, 8.2],
])("prices a million calls of %i ms at %i MB", (durationMs, memoryMb, usd) => {
  expect(costUsd(prices, { durationMs, memoryMb }) * 1e6).toBeCloseTo(usd, 3);
});
