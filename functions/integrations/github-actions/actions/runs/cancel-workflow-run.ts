import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";

export const cancelWorkflowRun = defineAction({
  summary: "Cancel a workflow run; with `force` also one whose jobs do not let themselves be ended",
  docs: rest("actions/workflow-runs#cancel-a-workflow-run"),
  scopes: ["actions:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "a run that is being cancelled is cancelled once" },
  input: z.object({ ...repository, runId: id, force: z.boolean().default(false) }),
  output: z.object({ runId: z.int() }),
  async run(api, { owner, repo, runId, force }) {
    await api.request({
      method: "POST",
      path: force
        ? path`/repos/${owner}/${repo}/actions/runs/${runId}/force-cancel`
        : path`/repos/${owner}/${repo}/actions/runs/${runId}/cancel`,
      response: z.unknown(),
    });
    return { runId };
  },
});
