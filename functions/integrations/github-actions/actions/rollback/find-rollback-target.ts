import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository } from "../../client.ts";
import { lastGood, readDeployments } from "../../deploy/history.ts";

export const findRollbackTarget = defineAction({
  summary:
    "Find the last version that was deployed to an environment with success, before the newest or a given one",
  docs: "https://docs.github.com/rest/deployments/deployments#list-deployments",
  scopes: ["deployments:read"],
  effect: "read",
  input: z.object({ ...repository, environment: environmentName, before: id.optional() }),
  output: z.object({
    target: z
      .object({ deploymentId: z.int(), sha: z.string(), ref: z.string(), createdAt: z.string() })
      .nullable(),
  }),
  async run(api, { before, ...place }) {
    const all = await readDeployments(api, place);
    const bad = before === undefined ? all[0] : all.find((one) => one.id === before);
    const found = bad && (await lastGood(api, place, all, bad));
    if (found === undefined) return { target: null };
    const { id: deploymentId, sha, ref, created_at: createdAt } = found;
    return { target: { deploymentId, sha, ref, createdAt } };
  },
});
