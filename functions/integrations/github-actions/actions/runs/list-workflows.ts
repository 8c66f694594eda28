import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { listPage, next, paging, repository } from "../../client.ts";

const Workflow = z.object({ id: z.int(), name: z.string(), path: z.string(), state: z.string() });

export const listWorkflows = defineAction({
  summary: "List the workflows of a repository",
  docs: "https://docs.github.com/rest/actions/workflows#list-repository-workflows",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({ ...repository, ...paging }),
  output: z.object({ workflows: z.array(Workflow), next }),
  async run(api, { owner, repo, ...page }) {
    const found = await listPage(api, {
      ...page,
      path: path`/repos/${owner}/${repo}/actions/workflows`,
      response: z.object({ workflows: z.array(Workflow) }),
      items: ({ workflows }) => workflows,
    });
    return { workflows: [...found.items], next: found.next };
  },
});
