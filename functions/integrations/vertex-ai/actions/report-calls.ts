import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Usage } from "../content.ts";
import { priceOf, prices, pricesAsOf, Spread, spreadOf, totalUsd, usdOf } from "../figures.ts";

const tokens = z.int().min(0).max(1_000_000_000);

const call = z.object({
  /** As `generate-content` told. */
  model: z.string().min(1).max(128),
  usage: z.object({
    inputTokens: tokens,
    cachedTokens: tokens.default(0),
    outputTokens: tokens.default(0),
  }),
  latencyMs: z.number().nonnegative().optional(),
  isFailed: z.boolean().default(false),
  isBatch: z.boolean().default(false),
});

export const reportCalls = defineAction({
  summary: "What given calls have cost, exact to cache, batch and tier, and how long they took",
  docs: "https://cloud.google.com/vertex-ai/generative-ai/pricing",
  scopes: [],
  effect: "read",
  input: z.object({ calls: z.array(call).min(1).max(10_000), prices }),
  output: z.object({
    models: z.array(
      z.object({
        model: z.string(),
        calls: z.int(),
        failed: z.int(),
        ...Usage.shape,
        /** `null` where no price is known. */
        usd: z.number().nullable(),
        latencyMs: Spread.optional(),
        /** Output tokens, of calls that told their time. */
        tokensPerSecond: z.number().optional(),
      }),
    ),
    /** Of the models that have a price. */
    usd: z.number(),
    unpriced: z.array(z.string()),
    pricesAsOf: z.string(),
  }),
  async run(_, { calls, prices: own }) {
    const groups = Map.groupBy(calls, ({ model }) => model);
    const models = [...groups].map(([model, group]) => reportOf(model, group, own));
    return {
      models: models.toSorted((a, b) => (b.usd ?? 0) - (a.usd ?? 0)),
      usd: totalUsd(models.map(({ usd }) => usd)),
      unpriced: models.filter(({ usd }) => usd === null).map(({ model }) => model),
      pricesAsOf,
    };
  },
});

function reportOf(
  model: string,
  calls: readonly z.output<typeof call>[],
  own: z.output<typeof prices>,
) {
  const price = priceOf(model, own);
  const sum = (read: (one: z.output<typeof call>) => number): number =>
    calls.reduce((total, one) => total + read(one), 0);
  const timed = calls.filter(({ latencyMs, isFailed }) => !isFailed && (latencyMs ?? 0) > 0);
  const seconds = timed.reduce((total, { latencyMs = 0 }) => total + latencyMs / 1000, 0);
  const written = timed.reduce((total, { usage }) => total + usage.outputTokens, 0);
  return {
    model,
    calls: calls.length,
    failed: calls.filter(({ isFailed }) => isFailed).length,
    inputTokens: sum(({ usage }) => usage.inputTokens),
    cachedTokens: sum(({ usage }) => usage.cachedTokens),
    outputTokens: sum(({ usage }) => usage.outputTokens),
    usd:
      price === undefined
        ? null
        : totalUsd(calls.map(({ usage, isBatch }) => usdOf(price, usage, isBatch))),
    latencyMs: spreadOf(timed.flatMap(({ latencyMs }) => latencyMs ?? [])),
    tokensPerSecond: seconds === 0 ? undefined : Math.round((written / seconds) * 10) / 10,
  };
}
