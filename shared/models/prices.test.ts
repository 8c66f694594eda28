import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as z from "zod";
import { azureOffers, bedrockOffers, vertexOffers } from "./catalogue.ts";
import { checkPrice, costUsd } from "./model-price.ts";
import { findPriced } from "./price-names.ts";
import { filterPrices, type RowDefect } from "./prices.ts";

// Rows of the public price map of 2026-08-01 (MIT), without the fields that are not read.
const text = readFileSync(new URL("fixtures/price-map.json", import.meta.url), "utf8");
const map = z.record(z.string(), z.looseObject({})).parse(JSON.parse(text));
const asOf = "2026-11-21";
const { usable, refused } = filterPrices(map, { asOf });
const priceOf = (name: string) => usable.find((model) => model.name === name)?.price;
const find = (provider: string, id: string, region?: string) =>
  findPriced(usable, { provider, id, ...(region === undefined ? {} : { region }) })?.price.input;
const defectWith = (change: object): RowDefect | undefined => {
  const row = { ...map["gpt-5-mini"], ...change };
  return filterPrices({ row }, { asOf }).refused.get("row");
};

it("tells the traps of the map apart", () => {
  expect(Object.fromEntries(refused)).toEqual({
    sample_spec: "other-mode",
    "1024-x-1024/dall-e-2": "other-mode",
    "wandb/openai/gpt-oss-120b": "unit",
    "azure_ai/jais-30b-chat": "unit",
    "watsonx/bigscience/mt0-xxl-13b": "unit",
    "fireworks_ai/accounts/fireworks/models/flux-1-dev-controlnet-union": "unit",
    "twelvelabs.pegasus-1-2-v1:0": "missing-price",
    "bedrock/us-east-1/1-month-commitment/anthropic.claude-v1": "missing-price",
    "openrouter/openrouter/free": "zero",
    "ollama/llama3": "zero",
    "azure_ai/model_router": "zero",
    "claude-3-opus-20240229": "deprecated",
    "eu.anthropic.claude-haiku-4-5-20251001-v1:0": "deprecated",
  });
  // Of one reseller most rows are wrong, and some are right.
  expect(priceOf("wandb/moonshotai/Kimi-K2-Instruct")).toMatchObject({ input: 0.6, output: 2.5 });
});

it("uses a model until the day it is withdrawn, and a zero that somebody vouches for", () => {
  const before = filterPrices(map, { asOf: "2026-10-14", free: new Set(["ollama/llama3"]) });
  expect(before.refused.has("eu.anthropic.claude-haiku-4-5-20251001-v1:0")).toBe(false);
  expect(before.refused.get("claude-3-opus-20240229")).toBe("deprecated");
  const llama = before.usable.find(({ name }) => name === "ollama/llama3");
  expect(llama?.price).toMatchObject({ input: 0, output: 0, isFree: true });
  expect(before.refused.get("openrouter/openrouter/free")).toBe("zero");
});

it.each([
  [{ input_cost_per_token: -1e-6 }, "negative"],
  [{ output_cost_per_token: "1e-6" }, "malformed"],
  [{ input_cost_per_token: 0.25 }, "unit"],
  [{ input_cost_per_token: 2.5e-13 }, "unit"],
  [{ output_cost_per_token: 0 }, "zero"],
  [{ output_cost_per_token: null }, "missing-price"],
  [{ cache_read_input_token_cost: 1 }, "unit"],
  [{ cache_read_input_token_cost: 1e-5 }, "cache-dearer-than-input"],
  [{ input_cost_per_token_above_200k_tokens: -1 }, "negative"],
  [{ mode: "chat" }, undefined],
])("finds %o to be %s", (change, defect) => {
  expect(defectWith(change)).toBe(defect);
});

it("refuses a price that is far from what the same model costs elsewhere", () => {
  const peers = ["together_ai", "groq", "deepinfra"].map((one) => `${one}/openai/gpt-oss-120b`);
  const own = Object.fromEntries(peers.map((name) => [name, map[name]]));
  const odd = { ...map[peers[0] ?? ""], litellm_provider: "x", input_cost_per_token: 1.5e-5 };
  const found = filterPrices({ ...own, "x/openai/gpt-oss-120b": odd }, { asOf });
  expect(Object.fromEntries(found.refused)).toEqual({ "x/openai/gpt-oss-120b": "outlier" });
  expect(found.usable).toHaveLength(3);
});

it("reads caches, batches and tiers; a cache for nothing is a gap", () => {
  expect(priceOf("gpt-5.4")).toMatchObject({
    input: 2.5,
    output: 15,
    cacheRead: 0.25,
    batch: { input: 1.25, output: 7.5 },
    above: [{ promptTokens: 272_000, input: 5, output: 22.5, cacheRead: 0.5 }],
  });
  expect(priceOf("gemini-2.5-pro")?.above).toMatchObject([{ promptTokens: 200_000, output: 15 }]);
  expect(priceOf("openrouter/z-ai/glm-4.7")?.cacheRead).toBeUndefined();
});

it("finds a model by its provider's name or the vendor's, at the region's own price", () => {
  const sonnet = "anthropic.claude-sonnet-4-5-20250929-v1:0";
  expect([
    find("bedrock", sonnet),
    find("bedrock", `us.${sonnet}`),
    find("bedrock", sonnet, "us"),
  ]).toEqual([3, 3.3, 3.3]);
  expect(find("bedrock", sonnet, "eu")).toBe(3);
  const mini = "gpt-5-mini-2025-08-07";
  expect([find("azure", mini), find("azure", `azure/eu/${mini}`)]).toEqual([0.25, 0.275]);
  expect(find("vertex_ai", "gemini-2.5-pro")).toBe(1.25);
  expect(find("openai", mini)).toBeUndefined();
});

it("refuses absurd prices of ours, and has none", () => {
  for (const { price, model } of [...bedrockOffers, ...azureOffers, ...vertexOffers])
    checkPrice(price, model);
  const absurd = [
    { input: -1, output: 1 },
    { input: Number.NaN, output: 1 },
    { input: 0, output: 0 },
    { input: 0, output: 1 },
    { input: 1, output: 0, batch: { input: 0, output: 1 } },
    { input: 3e6, output: 15e6 },
    { input: 3e-6, output: 15e-6 },
    { input: 1, output: 1, cacheRead: 2 },
    {
      input: 1,
      output: 1,
      above: [{ promptTokens: 1, input: Number.POSITIVE_INFINITY, output: 1 }],
    },
    {
      input: 1,
      output: 1,
      above: [2, 1].map((promptTokens) => ({ promptTokens, input: 1, output: 1 })),
    },
  ];
  for (const price of absurd) {
    expect(() => checkPrice(price, "m"), JSON.stringify(price)).toThrow(/^models\.price: /);
  }
});

it("bills what a cache held apart, and a long prompt as a whole at the dearer rate", () => {
  const price = { ...priceOf("gemini-2.5-pro"), input: 1.25, output: 10, cacheRead: 0.125 };
  const usage = {
    inputTokens: 100_000,
    outputTokens: 1_000,
    cacheReadTokens: 100_000,
    cacheWriteTokens: 0,
  };
  expect(costUsd(price, usage)).toBeCloseTo(0.125 + 0.0125 + 0.01);
  const longer = { ...usage, inputTokens: 100_001 };
  expect(costUsd(price, longer)).toBeCloseTo((100_001 * 2.5 + 100_000 * 0.25 + 1_000 * 15) / 1e6);
});
