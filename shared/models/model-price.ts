import { Fault } from "#shared/errors";
import type { Usage } from "./driver.ts";

/** USD per million tokens. What a vendor does not sell apart costs as input does. */
export type TokenRates = {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
};

/** List price of a model. */
export type ModelPrice = TokenRates & {
  /** Dearer rates for the whole request once its prompt is longer; ascending. */
  readonly above?: readonly (TokenRates & { readonly promptTokens: number })[];
  /** For requests that may wait: https://platform.openai.com/docs/guides/batch */
  readonly batch?: { readonly input: number; readonly output: number };
  /** Zero is a price only where somebody said so. */
  readonly isFree?: boolean;
};

/** No token of any model costs as much or as little; what does has its unit wrong. USD per million. */
export const plausible = { least: 0.002, most: 1_000 } as const;

/** What is wrong with a rate, in one word; `undefined` for nothing. */
export function defectOf(
  usd: number,
  isFree = false,
): "not-a-number" | "negative" | "zero" | "unit" | undefined {
  if (!Number.isFinite(usd)) return "not-a-number";
  if (usd < 0) return "negative";
  if (usd === 0) return isFree ? undefined : "zero";
  return usd < plausible.least || usd >= plausible.most ? "unit" : undefined;
}

/**
 * Throws `invalid_argument` for a price that nobody can mean: a wrong one must not win traffic. An output that is not
 * sold, as that of a model that embeds, is zero beside an input that is not.
 */
export function checkPrice(price: ModelPrice, model: string): void {
  const isFree = price.isFree === true;
  for (const [where, rates] of ratesOf(price)) {
    for (const [name, usd] of Object.entries(rates)) {
      if (typeof usd !== "number") continue;
      const defect = defectOf(usd, isFree || (name === "output" && rates.input > 0));
      if (defect !== undefined) {
        throw refused(model, `${where}${name} is ${usd} USD per million tokens (${defect})`);
      }
    }
    if ((rates.cacheRead ?? 0) > rates.input)
      throw refused(model, `${where}cacheRead is dearer than input`);
  }
  const limits = (price.above ?? []).map(({ promptTokens }) => promptTokens);
  if (limits.some((limit, index) => !(limit > (limits[index - 1] ?? 0)))) {
    throw refused(model, "the tiers do not ascend");
  }
}

/** What a request costs in USD. Batch rates hold where they are asked for and sold. */
export function costUsd(price: ModelPrice, usage: Usage, isBatch = false): number {
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const tier = price.above?.findLast(({ promptTokens }) => prompt > promptTokens);
  const rates: TokenRates = tier ?? (isBatch && price.batch !== undefined ? price.batch : price);
  const { input, output, cacheRead = input, cacheWrite = input } = rates;
  return (
    (usage.inputTokens * input +
      usage.cacheReadTokens * cacheRead +
      usage.cacheWriteTokens * cacheWrite +
      usage.outputTokens * output) /
    1e6
  );
}

function ratesOf(price: ModelPrice): [string, TokenRates][] {
  const { input, output, cacheRead, cacheWrite } = price;
  return [
    ["", { input, output, cacheRead, cacheWrite }],
    ...(price.batch === undefined ? [] : [["batch ", price.batch] satisfies [string, TokenRates]]),
    ...(price.above ?? []).map(({ promptTokens, ...rates }): [string, TokenRates] => [
      `above ${promptTokens} `,
      rates,
    ]),
  ];
}

function refused(model: string, what: string): Fault {
  return new Fault(
    "invalid_argument",
    `models.price: ${what} for "${model}"; correct the price, or declare the model free`,
    { details: { model } },
  );
}
