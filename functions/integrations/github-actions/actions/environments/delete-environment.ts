import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { environmentName, remove, repository, rest } from "../../client.ts";

export const deleteEnvironment = defineAction({
  summary: "Delete an environment with its protection, secrets and variables",
  docs: rest("deployments/environments#delete-an-environment"),
  scopes: ["administration:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ ...repository, environment: environmentName }),
  output: z.object({ deleted: z.boolean() }),
  async run(api, { owner, repo, environment }) {
    const deleted = await remove(api, path`/repos/${owner}/${repo}/environments/${environment}`);
    return { deleted };
  },
});
