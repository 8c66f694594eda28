import { defineAction } from "#shared/integration";
import * as z from "zod";
import { prices } from "../figures.ts";

/** How long calls took, by a kind of latency that Google measures. */
export const Latency = z.object({ kind: z.string(), p50Ms: z.number(), p95Ms: z.number() });

export const reportUsage = defineAction({
  summary:
    "What Gemini has done for the project in a period: calls, failures, tokens, cost, latency",
  docs: "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list",
  scopes: ["monitoring.timeSeries.list"],
  effect: "read",
  input: z.object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    prices,
  }),
  /** As Google has counted; figures arrive some minutes late. */
  output: z.object({
    models: z.array(
      z.object({
        model: z.string(),
        calls: z.int(),
        failed: z.int(),
        inputTokens: z.int(),
        outputTokens: z.int(),
        /**
         * At the base list price: the metrics do not tell cached tokens, batches and long prompts apart. `null` where no
         * price is known.
         */
        usd: z.number().nullable(),
        /** By the kind that Google measures. */
        latency: z.array(Latency),
      }),
    ),
    usd: z.number(),
    unpriced: z.array(z.string()),
    pricesAsOf: z.string(),
  }),
  run: async (api, input) => (await import("../usage-report.ts")).reportOnUsage(api, input),
});
