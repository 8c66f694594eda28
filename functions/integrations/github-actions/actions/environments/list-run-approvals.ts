import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";

const input = z.object({ ...repository, runId: id });

const output = z.object({
  approvals: z.array(
    z.object({
      environments: z.array(z.string()),
      state: z.string(),
      by: z.string(),
      comment: z.string(),
    }),
  ),
});

export type ListRunApprovalsInput = z.output<typeof input>;
export type ListRunApprovalsOutput = z.input<typeof output>;

export const listRunApprovals = defineAction({
  summary: "List who approved or rejected which deployments of a workflow run, and why",
  docs: rest("actions/workflow-runs#get-the-review-history-for-a-workflow-run"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../deploy/decide.ts")).listApprovals(api, given),
});
