import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, refuse, repository } from "../../client.ts";
import { readPending, review } from "../../deploy/pending.ts";

export const reviewDeployments = defineAction({
  summary:
    "Approve or reject a workflow run's deployment to environments, as one of their reviewers",
  docs: "https://docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run",
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; it refuses a review of what waits no more",
  },
  input: z.object({
    ...repository,
    runId: id,
    environments: z.array(environmentName).min(1).max(20),
    state: z.enum(["approved", "rejected"]),
    comment: z.string().max(1_000).default(""),
  }),
  output: z.object({ reviewed: z.array(z.string()) }),
  async run(api, { environments, state, comment, ...run }) {
    const pending = await readPending(api, run);
    const named = pending.filter(({ environment }) => environments.includes(environment.name));
    if (named.length < new Set(environments).size) {
      throw refuse("review: the run waits for fewer environments; list its pending deployments");
    }
    const environmentIds = named.map(({ environment }) => environment.id);
    await review(api, run, { environmentIds, state, comment });
    return { reviewed: named.map(({ environment }) => environment.name) };
  },
});
