import type { TokenRates } from "./model-price.ts";
import type { ModelOffer, ModelSkill, Task } from "./offer.ts";

/**
 * Where a vendor places a model in its own line: a level, and no measurement. A deployment that has measured its tasks
 * gives offers of its own.
 */
const levels = { small: 0.5, middle: 0.7, large: 0.9 } as const;
type Level = keyof typeof levels;

const chatTasks: readonly Task[] = ["answer", "summarise", "classify", "extract", "code"];
const everything: readonly ModelSkill[] = ["tools", "json", "temperature"];

/** The day of these list prices. */
export const pricesAsOf = "2026-08-01";

/**
 * List prices in USD per million tokens as of {@link pricesAsOf}, of the public price map
 * (https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json) and by these vendors' pages:
 * https://aws.amazon.com/bedrock/pricing/. Claude by the global profiles, which carry no regional premium.
 */
export const bedrockOffers: readonly ModelOffer[] = [
  chat("bedrock", "nova-micro", "amazon.nova-micro-v1:0", "small", {
    tokens: [128_000, 10_000],
    price: { input: 0.035, output: 0.14 },
    skills: ["tools", "temperature"],
  }),
  chat("bedrock", "nova-lite", "amazon.nova-lite-v1:0", "small", {
    tokens: [300_000, 10_000],
    price: { input: 0.06, output: 0.24 },
    skills: ["tools", "temperature"],
  }),
  chat("bedrock", "nova-pro", "amazon.nova-pro-v1:0", "middle", {
    tokens: [300_000, 10_000],
    price: { input: 0.8, output: 3.2 },
    skills: ["tools", "temperature"],
  }),
  chat("bedrock", "claude-haiku-4.5", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "middle", {
    tokens: [200_000, 64_000],
    price: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  }),
  chat(
    "bedrock",
    "claude-sonnet-4.5",
    "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "large",
    {
      tokens: [200_000, 64_000],
      price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    },
  ),
  // One text per request: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
  embed("bedrock", "titan-embed-text-v2", "amazon.titan-embed-text-v2:0", 0.02, {
    tokens: 8_192,
    dimensions: 1_024,
    batch: 1,
  }),
];

/**
 * https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/; a deployment is called as its model
 * is, unless offers of its own say otherwise.
 */
export const azureOffers: readonly ModelOffer[] = [
  chat("azure-openai", "gpt-5-nano", "gpt-5-nano", "small", {
    tokens: [272_000, 128_000],
    price: { input: 0.05, output: 0.4, cacheRead: 0.005 },
    skills: ["tools", "json"],
  }),
  chat("azure-openai", "gpt-5-mini", "gpt-5-mini", "middle", {
    tokens: [272_000, 128_000],
    price: { input: 0.25, output: 2, cacheRead: 0.025 },
    skills: ["tools", "json"],
  }),
  chat("azure-openai", "gpt-5", "gpt-5", "large", {
    tokens: [272_000, 128_000],
    price: { input: 1.25, output: 10, cacheRead: 0.125 },
    skills: ["tools", "json"],
  }),
  // https://learn.microsoft.com/azure/ai-foundry/openai/reference#embeddings
  embed("azure-openai", "text-embedding-3-large", "text-embedding-3-large", 0.13, {
    tokens: 8_191,
    dimensions: 3_072,
    batch: 256,
  }),
];

/** https://cloud.google.com/vertex-ai/generative-ai/pricing */
export const vertexOffers: readonly ModelOffer[] = [
  chat("vertex", "gemini-2.5-flash-lite", "gemini-2.5-flash-lite", "small", {
    tokens: [1_048_576, 65_535],
    price: { input: 0.1, output: 0.4, cacheRead: 0.01 },
  }),
  chat("vertex", "gemini-2.5-flash", "gemini-2.5-flash", "middle", {
    tokens: [1_048_576, 65_535],
    price: { input: 0.3, output: 2.5, cacheRead: 0.03 },
  }),
  chat("vertex", "gemini-2.5-pro", "gemini-2.5-pro", "large", {
    tokens: [1_048_576, 65_535],
    price: {
      input: 1.25,
      output: 10,
      cacheRead: 0.125,
      above: [{ promptTokens: 200_000, input: 2.5, output: 15, cacheRead: 0.25 }],
    },
  }),
  // https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings#limits
  embed("vertex", "text-embedding-005", "text-embedding-005", 0.1, {
    tokens: 2_048,
    dimensions: 768,
    batch: 100,
  }),
];

function chat(
  provider: string,
  model: string,
  id: string,
  level: Level,
  {
    tokens: [contextTokens, maxOutputTokens],
    price,
    skills = everything,
  }: {
    readonly tokens: readonly [context: number, output: number];
    readonly price: TokenRates & Pick<ModelOffer["price"], "above">;
    readonly skills?: readonly ModelSkill[];
  },
): ModelOffer {
  const quality = Object.fromEntries(chatTasks.map((task) => [task, levels[level]]));
  return { provider, model, id, quality, skills, contextTokens, maxOutputTokens, price };
}

function embed(
  provider: string,
  model: string,
  id: string,
  input: number,
  {
    tokens,
    ...embedding
  }: { readonly tokens: number; readonly dimensions: number; readonly batch: number },
): ModelOffer {
  return {
    provider,
    model,
    id,
    quality: { embed: levels.middle },
    skills: [],
    contextTokens: tokens,
    maxOutputTokens: 0,
    price: { input, output: 0 },
    embedding,
  };
}
