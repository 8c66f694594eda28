import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, listPage, next, paging, repository } from "../../client.ts";
import { Status } from "../../deploy/history.ts";

export const listDeploymentStatuses = defineAction({
  summary: "List what was told of a deployment, newest first",
  docs: "https://docs.github.com/rest/deployments/statuses#list-deployment-statuses",
  scopes: ["deployments:read"],
  effect: "read",
  input: z.object({ ...repository, ...paging, deploymentId: id }),
  output: z.object({
    statuses: z.array(
      z.object({ id: z.int(), state: z.string(), description: z.string(), createdAt: z.string() }),
    ),
    next,
  }),
  async run(api, { owner, repo, deploymentId, ...page }) {
    const found = await listPage(api, {
      ...page,
      path: path`/repos/${owner}/${repo}/deployments/${deploymentId}/statuses`,
      response: z.array(Status),
      items: (statuses) => statuses,
    });
    const statuses = found.items.map(({ created_at, ...one }) => ({
      ...one,
      createdAt: created_at,
    }));
    return { statuses, next: found.next };
  },
});
