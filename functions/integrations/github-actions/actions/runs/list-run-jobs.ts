import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, next, paging, repository, rest } from "../../client.ts";

const State = { name: z.string(), status: z.string(), conclusion: z.string().nullable() };

const input = z.object({ ...repository, runId: id, ...paging });

const output = z.object({
  jobs: z.array(
    z.object({
      id: z.int(),
      ...State,
      startedAt: z.string().nullable(),
      completedAt: z.string().nullable(),
      url: z.string().nullable(),
      failedSteps: z.array(z.string()),
    }),
  ),
  next,
});

export type ListRunJobsInput = z.output<typeof input>;
export type ListRunJobsOutput = z.input<typeof output>;

export const listRunJobs = defineAction({
  summary: "List the jobs of a workflow run's latest attempt, with the steps that failed",
  docs: rest("actions/workflow-jobs#list-jobs-for-a-workflow-run"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../runs/runs.ts")).listJobs(api, given),
});
