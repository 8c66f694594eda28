import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Usage } from "../content.ts";
import { prices, Spread } from "../figures.ts";

const tokens = z.int().min(0).max(1_000_000_000);

/** A call that was made, and what it took. */
export const call = z.object({
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
  run: async (_, input) => (await import("../calls-report.ts")).reportOnCalls(input),
});
