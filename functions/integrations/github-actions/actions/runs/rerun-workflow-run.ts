import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

export const rerunWorkflowRun = defineAction({
  summary: "Run a finished workflow run again, whole or its failed jobs only",
  docs: rest("actions/workflow-runs#re-run-a-workflow"),
  scopes: ["actions:write"],
  effect: "write",
  idempotency: { kind: "none", why: "GitHub takes no key, and each call starts a new attempt" },
  input: z.object({
    ...repository,
    runId: z.int().positive(),
    failedJobsOnly: z.boolean().default(false),
  }),
  output: z.object({ runId: z.int() }),
  async run(api, { owner, repo, runId, failedJobsOnly }) {
    await api.request({
      method: "POST",
      path: failedJobsOnly
        ? path`/repos/${owner}/${repo}/actions/runs/${runId}/rerun-failed-jobs`
        : path`/repos/${owner}/${repo}/actions/runs/${runId}/rerun`,
      response: z.unknown(),
    });
    return { runId };
  },
});
