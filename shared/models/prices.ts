import * as z from "zod";
import { defectOf, type ModelPrice, type TokenRates } from "./model-price.ts";
import { nameOf, type PricedName } from "./price-names.ts";

/** A model of the public price map that has a price one can believe. */
export type PricedModel = PricedName & {
  readonly kind: "chat" | "embedding";
  readonly price: ModelPrice;
  readonly contextTokens: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** The last day before its vendor withdraws it, `YYYY-MM-DD`. */
  readonly retiresOn: string | undefined;
};

/** Why a row of the map is not used. */
export type RowDefect =
  | "malformed"
  | "other-mode"
  | "missing-price"
  | "not-a-number"
  | "negative"
  | "zero"
  | "unit"
  | "cache-dearer-than-input"
  | "deprecated"
  | "outlier";

export type FilteredPrices = {
  readonly usable: readonly PricedModel[];
  readonly refused: ReadonlyMap<string, RowDefect>;
};

export type PriceFilter = {
  /** `YYYY-MM-DD`: what is withdrawn by then is not used. */
  readonly asOf: string;
  /** Whose zero is a price and no gap: names of the map, exactly. */
  readonly free?: ReadonlySet<string>;
};

const Cost = z.number().nullish();
const PriceRow = z.looseObject({
  litellm_provider: z.string(),
  mode: z.string().optional(),
  input_cost_per_token: Cost,
  output_cost_per_token: Cost,
  cache_read_input_token_cost: Cost,
  cache_creation_input_token_cost: Cost,
  input_cost_per_token_batches: Cost,
  output_cost_per_token_batches: Cost,
  max_input_tokens: z.number().optional().catch(undefined),
  max_output_tokens: z.number().optional().catch(undefined),
  deprecation_date: z.string().optional(),
});
type PriceRow = z.infer<typeof PriceRow>;

const TIER = /^input_cost_per_token_above_(\d+)k_tokens$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A price so far from the median of the same model's is a wrong unit that the bounds did not show. */
const OUTLIER_FACTOR = 20;
const LEAST_PEERS = 3;

/**
 * What of the public price map (https://github.com/BerriAI/litellm, `model_prices_and_context_window.json`) can be
 * used: rows of models that chat or embed, by name. Its gaps, zeros, wrong units and withdrawn models are told apart, so
 * that none is taken for a price.
 */
export function filterPrices(
  map: unknown,
  { asOf, free = new Set() }: PriceFilter,
): FilteredPrices {
  const refused = new Map<string, RowDefect>();
  const usable: PricedModel[] = [];
  for (const [name, value] of Object.entries(z.record(z.string(), z.unknown()).parse(map))) {
    const row = PriceRow.safeParse(value);
    const found = row.success ? readRow(name, row.data, asOf, free.has(name)) : "malformed";
    if (typeof found === "string") refused.set(name, found);
    else usable.push(found);
  }
  const outliers = outliersOf(usable);
  for (const { name } of outliers) refused.set(name, "outlier");
  return { usable: usable.filter((model) => !outliers.has(model)), refused };
}

function readRow(
  name: string,
  row: PriceRow,
  asOf: string,
  isFree: boolean,
): PricedModel | RowDefect {
  const { mode, deprecation_date: retiresOn } = row;
  if (mode !== "chat" && mode !== "embedding") return "other-mode";
  const rates = ratesOf(row, "", isFree);
  if (rates === undefined) return "missing-price";
  if (retiresOn !== undefined && DAY.test(retiresOn) && retiresOn <= asOf) return "deprecated";
  const above = tiersOf(row, rates);
  const batch = ratesOf(row, "_batches", isFree);
  for (const { input, output, cacheRead = input, cacheWrite = input } of [rates, ...above]) {
    const isOutputUnsold = mode === "embedding" && output === 0;
    const sold = [input, cacheRead, cacheWrite, ...(isOutputUnsold ? [] : [output])];
    const defect = sold.map((usd) => defectOf(usd, isFree)).find((one) => one !== undefined);
    if (defect !== undefined) return defect;
    if (cacheRead > input) return "cache-dearer-than-input";
  }
  return {
    ...nameOf(name, row.litellm_provider),
    kind: mode,
    price: { ...rates, isFree, ...(above.length === 0 ? {} : { above }), ...batchOf(batch, rates) },
    contextTokens: row.max_input_tokens,
    maxOutputTokens: row.max_output_tokens,
    retiresOn: retiresOn !== undefined && DAY.test(retiresOn) ? retiresOn : undefined,
  };
}

/** Rates of one kind; `undefined` where the map has none, which is not zero. A cache's zero is a gap. */
function ratesOf(row: PriceRow, suffix: string, isFree: boolean): TokenRates | undefined {
  const input = perMillion(row[`input_cost_per_token${suffix}`]);
  const output = perMillion(row[`output_cost_per_token${suffix}`]);
  if (input === undefined || output === undefined) return undefined;
  const cache = (name: string): number | undefined => {
    const usd = perMillion(row[`${name}${suffix}`]);
    return usd === 0 && !isFree ? undefined : usd;
  };
  return {
    input,
    output,
    cacheRead: cache("cache_read_input_token_cost"),
    cacheWrite: cache("cache_creation_input_token_cost"),
  };
}

/** A batch that costs more than no batch is a mistake, and so is one for nothing. */
function batchOf(
  batch: TokenRates | undefined,
  { input, output }: TokenRates,
): Pick<ModelPrice, "batch"> {
  if (batch === undefined || batch.input > input || batch.output > output || batch.input <= 0)
    return {};
  return { batch: { input: batch.input, output: batch.output } };
}

function tiersOf(row: PriceRow, base: TokenRates): NonNullable<ModelPrice["above"]> {
  return Object.keys(row)
    .flatMap((field) => {
      const [, thousands] = TIER.exec(field) ?? [];
      if (thousands === undefined) return [];
      const tier = ratesOf(row, `_above_${thousands}k_tokens`, false);
      // A tier that prices the input alone leaves the output as it is.
      const input = perMillion(row[field]) ?? base.input;
      const {
        output = base.output,
        cacheRead = base.cacheRead,
        cacheWrite = base.cacheWrite,
      } = tier ?? {};
      return [{ promptTokens: Number(thousands) * 1000, input, output, cacheRead, cacheWrite }];
    })
    .toSorted((a, b) => a.promptTokens - b.promptTokens);
}

function perMillion(perToken: unknown): number | undefined {
  if (typeof perToken !== "number") return undefined;
  // The map's decimals are exact, a million times one is not: 3.0000000000000004 is meant to be 3.
  return Number((perToken * 1e6).toPrecision(12));
}

/** Prices far from those of the same model elsewhere. */
function outliersOf(models: readonly PricedModel[]): ReadonlySet<PricedModel> {
  const outliers = new Set<PricedModel>();
  const groups = Map.groupBy(
    models.filter(({ price }) => price.isFree !== true),
    ({ family, kind }) => `${kind} ${family}`,
  );
  for (const group of groups.values()) {
    if (group.length < LEAST_PEERS) continue;
    const sorted = group.map(blended).toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? 0;
    for (const model of group) {
      const usd = blended(model);
      if (usd > median * OUTLIER_FACTOR || usd < median / OUTLIER_FACTOR) outliers.add(model);
    }
  }
  return outliers;
}

function blended({ price }: PricedModel): number {
  return 0.75 * price.input + 0.25 * price.output;
}
