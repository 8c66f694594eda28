import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository, rest } from "../../client.ts";

const input = z.object({ ...repository, environment: environmentName, before: id.optional() });

const output = z.object({
  target: z
    .object({ deploymentId: z.int(), sha: z.string(), ref: z.string(), createdAt: z.string() })
    .nullable(),
});

export type FindRollbackTargetInput = z.output<typeof input>;
export type FindRollbackTargetOutput = z.input<typeof output>;

export const findRollbackTarget = defineAction({
  summary:
    "Find the last version that was deployed to an environment with success, before the newest or a given one",
  docs: rest("deployments/deployments#list-deployments"),
  scopes: ["deployments:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../deploy/rollback.ts")).findTarget(api, given),
});
