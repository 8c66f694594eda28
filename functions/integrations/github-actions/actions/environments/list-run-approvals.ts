import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, repository } from "../../client.ts";

const Approval = z.object({
  environments: z.array(z.object({ name: z.string() })),
  state: z.string(),
  user: z.object({ login: z.string() }),
  comment: z.string(),
});

export const listRunApprovals = defineAction({
  summary: "List who approved or rejected which deployments of a workflow run, and why",
  docs: "https://docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({ ...repository, runId: id }),
  output: z.object({
    approvals: z.array(
      z.object({
        environments: z.array(z.string()),
        state: z.string(),
        by: z.string(),
        comment: z.string(),
      }),
    ),
  }),
  async run(api, { owner, repo, runId }) {
    const found = await api.request({
      method: "GET",
      path: path`/repos/${owner}/${repo}/actions/runs/${runId}/approvals`,
      response: z.array(Approval),
    });
    const approvals = found.map(({ environments, user, state, comment }) => ({
      state,
      comment,
      by: user.login,
      environments: environments.map(({ name }) => name),
    }));
    return { approvals };
  },
});
