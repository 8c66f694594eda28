import { defineAction } from "#shared/integration";
import * as z from "zod";
import { flow, value } from "../client.ts";

/** How an answer is judged; all scores are from 0 to 1. */
export const scorer = z.discriminatedUnion("kind", [
  /** The same value, whatever the order of its members. */
  z.object({ kind: z.literal("exact") }),
  /** The expected text is somewhere in the answer's. */
  z.object({ kind: z.literal("contains") }),
  z.object({ kind: z.literal("schema"), schema: z.record(z.string(), z.json()) }),
  /** A flow of the same server, such as one that asks a model: `{ input, output, expected }` to `{ score, reason? }`. */
  z.object({ kind: z.literal("judge"), flow }),
]);

export const Case = z.object({ input: value, expected: value.optional() });

const Score = z.object({
  scorer: z.string(),
  score: z.number().min(0).max(1),
  reason: z.string().optional(),
});

/** What came of a case: an answer and its scores, or why there is none. */
export const Scored = z.object({
  number: z.int(),
  output: value.optional(),
  traceId: z.string().optional(),
  failure: z.string().optional(),
  scores: z.array(Score),
});

export const evaluateFlow = defineAction({
  summary: "Run a flow for each case of a dataset, and score its answers",
  docs: "https://genkit.dev/docs/evaluation",
  scopes: [],
  effect: "write",
  idempotency: { kind: "none", why: "it runs the flow, which may do anything" },
  input: z.object({
    flow,
    cases: z.array(Case).min(1).max(200),
    scorers: z.array(scorer).min(1).max(10),
    /** The case to begin with, as `next` told. */
    from: z.int().min(0).default(0),
  }),
  output: z.object({
    cases: z.array(Scored),
    /** By scorer, over these cases; an answer that failed scores 0. */
    mean: z.record(z.string(), z.number()),
    failed: z.int(),
    /** Where to go on when time was up; `null` at the end. */
    next: z.int().nullable(),
  }),
  run: async (api, input) => (await import("../evaluation.ts")).evaluate(api, input),
});
