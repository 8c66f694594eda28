import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository, rest } from "../../client.ts";

export const answerProtectionRule = defineAction({
  summary: "Let a deployment through or stop it, as the GitHub App of a custom protection rule",
  docs: rest("actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same answer to the same question changes nothing" },
  input: z.object({
    ...repository,
    runId: id,
    environment: environmentName,
    /** Left out, only the comment is told, and the run goes on waiting. */
    state: z.enum(["approved", "rejected"]).optional(),
    comment: z.string().min(1).max(1_000),
  }),
  output: z.object({ runId: z.int() }),
  async run(api, { owner, repo, runId, environment, state, comment }) {
    await api.request({
      method: "POST",
      path: path`/repos/${owner}/${repo}/actions/runs/${runId}/deployment_protection_rule`,
      json: { environment_name: environment, state, comment },
      response: z.unknown(),
    });
    return { runId };
  },
});
