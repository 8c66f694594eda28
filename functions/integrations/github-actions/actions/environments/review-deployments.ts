import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository, rest } from "../../client.ts";

const input = z.object({
  ...repository,
  runId: id,
  environments: z.array(environmentName).min(1).max(20),
  state: z.enum(["approved", "rejected"]),
  comment: z.string().max(1_000).default(""),
});

const output = z.object({ reviewed: z.array(z.string()) });

export type ReviewDeploymentsInput = z.output<typeof input>;
export type ReviewDeploymentsOutput = z.input<typeof output>;

export const reviewDeployments = defineAction({
  summary:
    "Approve or reject a workflow run's deployment to environments, as one of their reviewers",
  docs: rest("actions/workflow-runs#review-pending-deployments-for-a-workflow-run"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; it refuses a review of what waits no more",
  },
  input,
  output,
  run: async (api, given) => (await import("../../deploy/decide.ts")).reviewNamed(api, given),
});
