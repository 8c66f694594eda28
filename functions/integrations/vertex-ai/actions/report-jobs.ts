import { defineAction } from "#shared/integration";
import * as z from "zod";
import { roundUsd, Spread, spreadOf, totalUsd } from "../figures.ts";
import type { Job } from "../jobs.ts";
import type { Batch } from "./get-batch.ts";
import type { Training } from "./get-training.ts";
import type { Tuning } from "./get-tuning.ts";
import { readJobs } from "./list-changes.ts";

const usd = z.number().nonnegative();
const rates = z.record(z.string().min(1).max(128), usd).default({});

/** Something that is billed by its amount; `usd` is `null` where the caller gave no rate. */
const Billed = z.object({
  what: z.string(),
  amount: z.number(),
  unit: z.enum(["machine hours", "accelerator hours", "replica hours", "tokens"]),
  usd: z.number().nullable(),
});

const Report = z.object({
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
  async run(api, { since, hourly, tuning }) {
    const { trainings, tunings, batches, isComplete } = await readJobs(api, since);
    const reports = {
      trainings: reportOf(trainings, trainings.flatMap(machineHours), hourly),
      tunings: reportOf(tunings, tunings.flatMap(tuningTokens), tuning),
      batches: reportOf(batches, batches.flatMap(replicaHours), hourly),
    };
    const billed = Object.values(reports).flatMap((report) => report.billed);
    return { ...reports, usd: totalUsd(billed.map((one) => one.usd)), isComplete };
  },
});

type Amount = Omit<z.infer<typeof Billed>, "usd">;

/** Machines are billed while the job runs; of one that runs still, nothing is told yet. */
function machineHours(training: z.infer<typeof Training>): Amount[] {
  const hours = (runSeconds(training) ?? 0) / 3600;
  if (hours === 0) return [];
  return training.pools.flatMap(({ machine, accelerator, accelerators, replicas }) => [
    { what: machine ?? "unknown", amount: hours * replicas, unit: "machine hours" as const },
    ...(accelerator === undefined
      ? []
      : [
          {
            what: accelerator,
            amount: hours * replicas * accelerators,
            unit: "accelerator hours" as const,
          },
        ]),
  ]);
}

/** Each epoch reads the training data once; without the number of epochs nothing can be said. */
function tuningTokens({ baseModel, billableTokens, epochs }: z.infer<typeof Tuning>): Amount[] {
  if (baseModel === undefined || billableTokens === undefined || epochs === undefined) return [];
  return [{ what: baseModel, amount: billableTokens * epochs, unit: "tokens" }];
}

function replicaHours({ machine, replicaHours: amount }: z.infer<typeof Batch>): Amount[] {
  return amount === undefined
    ? []
    : [{ what: machine ?? "unknown", amount, unit: "replica hours" }];
}

function reportOf(
  jobs: readonly z.infer<typeof Job>[],
  amounts: readonly Amount[],
  prices: z.output<typeof rates>,
): z.infer<typeof Report> {
  const states = Map.groupBy(jobs, ({ state }) => state);
  const groups = Map.groupBy(amounts, ({ what, unit }) => `${unit} ${what}`);
  return {
    jobs: jobs.length,
    byState: Object.fromEntries([...states].map(([state, group]) => [state, group.length])),
    waitSeconds: spreadOf(
      jobs.flatMap(({ createdAt, startedAt }) => secondsBetween(createdAt, startedAt) ?? []),
    ),
    runSeconds: spreadOf(jobs.flatMap((job) => runSeconds(job) ?? [])),
    billed: [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const amount = group.reduce((sum, one) => sum + one.amount, 0);
      return [{ ...first, amount: round(amount), usd: usdFor(first, amount, prices) }];
    }),
  };
}

function usdFor(
  { what, unit }: Amount,
  amount: number,
  prices: z.output<typeof rates>,
): number | null {
  const rate = Object.hasOwn(prices, what) ? prices[what] : undefined;
  if (rate === undefined) return null;
  return roundUsd((unit === "tokens" ? amount / 1e6 : amount) * rate);
}

function runSeconds({ startedAt, endedAt }: z.infer<typeof Job>): number | undefined {
  return startedAt === undefined ? undefined : secondsBetween(startedAt, endedAt);
}

function secondsBetween(from: string, to: string | undefined): number | undefined {
  return to === undefined ? undefined : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

function round(amount: number): number {
  return Math.round(amount * 1e4) / 1e4;
}
