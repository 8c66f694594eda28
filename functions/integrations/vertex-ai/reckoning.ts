import { checkPrice, costUsd, type ModelPrice, pricesAsOf, vertexOffers } from "#shared/models";
import type * as z from "zod";
import type { Usage } from "./content.ts";
import type { prices, Spread } from "./figures.ts";

// Loaded by the first report: prices are of no use to anything else.

/** The day of the list prices that are taken where the caller gives none. */
export { pricesAsOf };

/** What a model costs: as the caller says, or its list price; `undefined` where nobody says. */
export function priceOf(model: string, own: z.output<typeof prices>): ModelPrice | undefined {
  const given = Object.hasOwn(own, model) ? own[model] : undefined;
  const listed = vertexOffers.find((offer) => offer.id === model)?.price;
  if (given === undefined) return listed;
  const { batch, ...rates } = given;
  const price = { ...rates, ...(batch === undefined ? {} : { batch }) };
  checkPrice(price, model);
  return price;
}

/** What tokens cost, rounded to a millionth of a dollar; `null` without a price. */
export function usdOf(
  price: ModelPrice | undefined,
  { inputTokens, cachedTokens, outputTokens }: z.infer<typeof Usage>,
  isBatch = false,
): number | null {
  if (price === undefined) return null;
  const usage = { inputTokens, outputTokens, cacheReadTokens: cachedTokens, cacheWriteTokens: 0 };
  return roundUsd(costUsd(price, usage, isBatch));
}

/** Sums are not exact in binary; nobody bills less than a millionth of a dollar. */
export function roundUsd(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}

/** The sum of what has a price. */
export function totalUsd(amounts: readonly (number | null)[]): number {
  return roundUsd(amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0));
}

/** The spread of values; `undefined` for none. */
export function spreadOf(values: readonly number[]): z.infer<typeof Spread> | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? max;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max };
}
