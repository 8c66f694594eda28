import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";

const input = z.object({
  ...repository,
  runId: id,
  /** Where the run is not `done` in the end, call again. */
  wait: z.boolean().default(false),
});

const output = z.object({
  runId: z.int(),
  done: z.boolean(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  event: z.string(),
  branch: z.string().nullable(),
  sha: z.string(),
  attempt: z.int(),
  url: z.string(),
  updatedAt: z.string(),
});

export type GetWorkflowRunInput = z.output<typeof input>;
export type GetWorkflowRunOutput = z.input<typeof output>;

export const getWorkflowRun = defineAction({
  summary:
    "How a workflow run stands; waits for its end, if asked to, as long as the call may last",
  docs: rest("actions/workflow-runs#get-a-workflow-run"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../runs/runs.ts")).readRun(api, given),
});
