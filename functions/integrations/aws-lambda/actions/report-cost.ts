import { defineAction } from "#shared/integration";
import * as z from "zod";
import { from, functionName } from "../client.ts";

/** What Lambda asks on demand in us-east-1 and most regions, before free tier and plans: https://aws.amazon.com/lambda/pricing/ */
export const listPrices = {
  asOf: "2026-11-21",
  usdPerMillionRequests: 0.2,
  usdPerGbSecondX86: 0.0000166667,
  usdPerGbSecondArm: 0.0000133334,
} as const;

export const prices = z.object({
  asOf: z.string(),
  usdPerMillionRequests: z.number().min(0),
  usdPerGbSecondX86: z.number().min(0),
  usdPerGbSecondArm: z.number().min(0),
});

export type Prices = z.infer<typeof prices>;

const Usage = z.object({
  name: z.string(),
  memoryMb: z.number(),
  architecture: z.string(),
  invocations: z.number(),
  errors: z.number(),
  throttles: z.number(),
  averageMs: z.number(),
  /** The most that ran at the same time. */
  peakConcurrency: z.number(),
  gbSeconds: z.number(),
  usd: z.number(),
});

export type Usage = z.infer<typeof Usage>;

export const reportCost = defineAction({
  summary: "Report what functions did, how many ran at once, and what that cost on demand",
  docs: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html",
  scopes: ["cloudwatch:GetMetricData", "lambda:ListFunctions", "lambda:GetFunctionConfiguration"],
  effect: "read",
  input: z.object({
    /** Of UTC: today until now, and those before it. */
    days: z.int().min(1).max(62).default(7),
    /** One function; a page of all when left out. */
    functionName: functionName.optional(),
    /** Those of another region or agreement; the list's when left out. */
    prices: prices.optional(),
    from,
  }),
  output: z.object({
    since: z.string(),
    until: z.string(),
    functions: z.array(Usage),
    total: z.object({ invocations: z.number(), gbSeconds: z.number(), usd: z.number() }),
    prices,
    /** What the figures take for granted. */
    assumptions: z.array(z.string()),
    next: z.string().nullable(),
  }),
  run: async (api, input) => (await import("../report-usage.ts")).reportUsage(api, input),
});
