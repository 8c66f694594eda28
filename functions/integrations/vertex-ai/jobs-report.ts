import type { Api } from "#shared/integration";
import type * as z from "zod";
import type { Batch } from "./actions/get-batch.ts";
import type { Training } from "./actions/get-training.ts";
import type { Tuning } from "./actions/get-tuning.ts";
import { readJobs } from "./actions/list-changes.ts";
import type { Billed, rates, Report } from "./actions/report-jobs.ts";
import type { Job } from "./jobs.ts";
import { roundUsd, spreadOf, totalUsd } from "./reckoning.ts";

type Rates = z.output<typeof rates>;

/** What jobs since a time have used and cost, and how they went. */
export async function reportOnJobs(
  api: Api,
  {
    since,
    hourly,
    tuning,
  }: { readonly since: string; readonly hourly: Rates; readonly tuning: Rates },
) {
  const { trainings, tunings, batches, isComplete } = await readJobs(api, since);
  const reports = {
    trainings: reportOf(trainings, trainings.flatMap(machineHours), hourly),
    tunings: reportOf(tunings, tunings.flatMap(tuningTokens), tuning),
    batches: reportOf(batches, batches.flatMap(replicaHours), hourly),
  };
  const billed = Object.values(reports).flatMap((report) => report.billed);
  return { ...reports, usd: totalUsd(billed.map((one) => one.usd)), isComplete };
}

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
  prices: Rates,
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

function usdFor({ what, unit }: Amount, amount: number, prices: Rates): number | null {
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
