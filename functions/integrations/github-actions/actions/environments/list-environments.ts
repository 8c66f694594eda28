import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging, repository } from "../../client.ts";
import { environmentOf, Environment, Protection } from "../../deploy/environment.ts";

export const listEnvironments = defineAction({
  summary: "List environments and what has to happen before a job deploys to each",
  docs: "https://docs.github.com/rest/deployments/environments#list-environments",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({ ...repository, ...paging }),
  output: z.object({ environments: z.array(Protection), next }),
  async run(api, { owner, repo, ...page }) {
    const found = await listPage(api, {
      ...page,
      path: path`/repos/${owner}/${repo}/environments`,
      response: z.object({ environments: z.array(Environment) }),
      items: ({ environments }) => environments,
    });
    return { environments: found.items.map(environmentOf), next: found.next };
  },
});
