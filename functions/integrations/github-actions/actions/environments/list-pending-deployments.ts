import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";

const input = z.object({ ...repository, runId: id });

const output = z.object({
  pending: z.array(
    z.object({
      environmentId: z.int(),
      environment: z.string(),
      waitMinutes: z.int(),
      waitStartedAt: z.string().nullable(),
      canApprove: z.boolean(),
    }),
  ),
});

export type ListPendingDeploymentsInput = z.output<typeof input>;
export type ListPendingDeploymentsOutput = z.input<typeof output>;

export const listPendingDeployments = defineAction({
  summary: "List the environments whose protection a workflow run waits for",
  docs: rest("actions/workflow-runs#get-pending-deployments-for-a-workflow-run"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../deploy/decide.ts")).listPending(api, given),
});
