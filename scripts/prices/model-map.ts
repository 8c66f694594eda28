import {
  azureOffers,
  bedrockOffers,
  filterPrices,
  type FilteredPrices,
  findPriced,
  type ModelOffer,
  vertexOffers,
} from "#shared/models";

/** The public price map of models. */
export const MODEL_MAP =
  "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json";

/** What our providers are called in the map. */
const names: Readonly<Record<string, string>> = {
  bedrock: "bedrock",
  "azure-openai": "azure",
  vertex: "vertex_ai",
};

/** A rate of the catalogue that is another in the map, in USD per million tokens; `undefined` for no usable row. */
export type ModelMove = {
  readonly model: string;
  readonly lastUsd: number;
  readonly usd: number | undefined;
};

/** What of the map can be used, and the rates of our own catalogue that are no longer the map's. */
export function readModelMap(
  map: unknown,
  asOf: string,
): { readonly prices: FilteredPrices; readonly moves: readonly ModelMove[] } {
  const prices = filterPrices(map, { asOf });
  const offers: readonly ModelOffer[] = [...bedrockOffers, ...azureOffers, ...vertexOffers];
  return { prices, moves: offers.flatMap((offer) => movesOf(prices, offer)) };
}

function movesOf({ usable }: FilteredPrices, offer: ModelOffer): readonly ModelMove[] {
  const { provider, model, id, price } = offer;
  const row = findPriced(usable, { provider: names[provider] ?? provider, id });
  return (["input", "output"] as const).flatMap((kind) => {
    const usd = row?.price[kind];
    if (usd === price[kind]) return [];
    return { model: `${provider} ${model} ${kind}`, lastUsd: price[kind], usd };
  });
}
