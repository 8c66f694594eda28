import { type Api, defineAction } from "#shared/integration";
import * as z from "zod";
import { readPages } from "../client.ts";
import { Job, JobState } from "../jobs.ts";
import { BatchAnswer } from "./get-batch.ts";
import { TrainingAnswer } from "./get-training.ts";
import { TuningAnswer } from "./get-tuning.ts";

const DAY_MS = 86_400_000;

/**
 * Jobs of all kinds that were created since then, and whether these are all of them: a kind is read up to 500 jobs.
 * Tunings take no filter that is documented, so the older ones are left out here.
 */
export async function readJobs(api: Api, since: string) {
  const filter = `create_time>="${since}"`;
  const trainings = await readPages(api, "customJobs", TrainingAnswer, { filter });
  const batches = await readPages(api, "batchPredictionJobs", BatchAnswer, { filter });
  const tunings = await readPages(api, "tuningJobs", TuningAnswer, {});
  const sinceMs = Date.parse(since);
  return {
    trainings: trainings.items,
    batches: batches.items,
    tunings: tunings.items.filter(({ createdAt }) => Date.parse(createdAt) >= sinceMs),
    isComplete: [trainings, batches, tunings].every(({ next }) => next === null),
  };
}

const Change = Job.extend({
  kind: z.enum(["training", "tuning", "batch"]),
  updatedAt: z.string(),
});
type Change = z.infer<typeof Change>;

export const listChanges = defineAction({
  summary:
    "Which jobs have changed their state since a time, for a function that runs on a schedule",
  docs: "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/JobState",
  scopes: [
    "aiplatform.customJobs.list",
    "aiplatform.tuningJobs.list",
    "aiplatform.batchPredictionJobs.list",
  ],
  effect: "read",
  input: z.object({
    /** As `until` was the time before. */
    since: z.iso.datetime({ offset: true }),
    /** How old a job may be that changes. */
    days: z.int().min(1).max(35).default(8),
    states: z.array(JobState).min(1).optional(),
  }),
  /** Oldest change first. A job whose last change was told already is told again only if it has changed again. */
  output: z.object({
    jobs: z.array(Change),
    until: z.string(),
    /** False when there were more jobs than were read. */
    isComplete: z.boolean(),
  }),
  async run(api, { since, days, states }) {
    const sinceMs = Date.parse(since);
    const oldest = new Date(sinceMs - days * DAY_MS).toISOString();
    const { trainings, tunings, batches, isComplete } = await readJobs(api, oldest);
    const jobs = [
      ...trainings.map((one) => changeOf("training", one)),
      ...tunings.map((one) => changeOf("tuning", one)),
      ...batches.map((one) => changeOf("batch", one)),
    ]
      .filter(({ updatedAt }) => Date.parse(updatedAt) > sinceMs)
      .toSorted((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt));
    const told = jobs.filter(({ state }) => states === undefined || states.includes(state));
    return { jobs: told, until: jobs.at(-1)?.updatedAt ?? since, isComplete };
  },
});

function changeOf(kind: Change["kind"], given: z.infer<typeof Job>): Change {
  const { updatedAt, endedAt, createdAt } = given;
  return { ...Job.parse(given), kind, updatedAt: updatedAt ?? endedAt ?? createdAt };
}
