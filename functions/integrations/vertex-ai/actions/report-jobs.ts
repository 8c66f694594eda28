import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Spread } from "../figures.ts";

const usd = z.number().nonnegative();
/** USD by what is billed. */
export const rates = z.record(z.string().min(1).max(128), usd).default({});

/** Something that is billed by its amount; `usd` is `null` where the caller gave no rate. */
export const Billed = z.object({
  what: z.string(),
  amount: z.number(),
  unit: z.enum(["machine hours", "accelerator hours", "replica hours", "tokens"]),
  usd: z.number().nullable(),
});

/** How the jobs of a kind went. */
export const Report = z.object({
  jobs: z.int(),
  byState: z.record(z.string(), z.int()),
  /** From creation to start, and from start to end, as Vertex tells the times. */
  waitSeconds: Spread.optional(),
  runSeconds: Spread.optional(),
  billed: z.array(Billed),
});

export const reportJobs = defineAction({
  summary: "What trainings, tunings and batches since a time have used and cost, and how they went",
  docs: "https://cloud.google.com/vertex-ai/pricing",
  scopes: [
    "aiplatform.customJobs.list",
    "aiplatform.tuningJobs.list",
    "aiplatform.batchPredictionJobs.list",
  ],
  effect: "read",
  input: z.object({
    since: z.iso.datetime(),
    /** USD per hour by machine type or accelerator, which differ by region and contract. */
    hourly: rates,
    /** USD per million training tokens by base model. */
    tuning: rates,
  }),
  output: z.object({
    trainings: Report,
    tunings: Report,
    batches: Report,
    /** Of all that has a rate. */
    usd: z.number(),
    /** False when there were more jobs than were read. */
    isComplete: z.boolean(),
  }),
  run: async (api, input) => (await import("../jobs-report.ts")).reportOnJobs(api, input),
});
