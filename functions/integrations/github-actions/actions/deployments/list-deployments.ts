import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging, repository } from "../../client.ts";
import { Deployment } from "../../deploy/history.ts";

export const listDeployments = defineAction({
  summary: "List deployments, newest first",
  docs: "https://docs.github.com/rest/deployments/deployments#list-deployments",
  scopes: ["deployments:read"],
  effect: "read",
  input: z.object({
    ...repository,
    ...paging,
    environment: z.string().min(1).optional(),
    ref: z.string().min(1).optional(),
    sha: z.string().min(1).optional(),
  }),
  output: z.object({
    deployments: z.array(
      z.object({
        id: z.int(),
        sha: z.string(),
        ref: z.string(),
        environment: z.string(),
        description: z.string().nullable(),
        createdAt: z.string(),
      }),
    ),
    next,
  }),
  async run(api, { owner, repo, environment, ref, sha, ...page }) {
    const found = await listPage(api, {
      ...page,
      path: path`/repos/${owner}/${repo}/deployments`,
      query: { environment, ref, sha },
      response: z.array(Deployment),
      items: (deployments) => deployments,
    });
    const deployments = found.items.map(({ created_at, ...one }) => ({
      ...one,
      createdAt: created_at,
    }));
    return { deployments, next: found.next };
  },
});
