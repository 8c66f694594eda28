import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

export const createDeploymentStatus = defineAction({
  summary: "Tell how a deployment goes",
  docs: rest("deployments/statuses#create-a-deployment-status"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; a repeat adds another entry with the same state",
  },
  input: z.object({
    ...repository,
    deploymentId: z.int().positive(),
    state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
    logUrl: z.url().optional(),
    environmentUrl: z.url().optional(),
    description: z.string().max(140).optional(),
  }),
  output: z.object({ id: z.int(), state: z.string() }),
  async run(api, { owner, repo, deploymentId, logUrl, environmentUrl, ...status }) {
    const { id, state } = await api.request({
      method: "POST",
      path: path`/repos/${owner}/${repo}/deployments/${deploymentId}/statuses`,
      json: { ...status, log_url: logUrl, environment_url: environmentUrl },
      response: z.object({ id: z.int(), state: z.string() }),
    });
    return { id, state };
  },
});
