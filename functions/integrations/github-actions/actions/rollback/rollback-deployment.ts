import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository, rest, sha } from "../../client.ts";

const input = z.object({
  ...repository,
  environment: environmentName,
  /** The deployment that shall be undone; one of the 30 newest of the environment. */
  deploymentId: id,
  /**
   * `failed`, for automatic use: nothing happens unless its latest status is failure or error and it is the newest
   * deployment of the environment.
   */
  when: z.enum(["always", "failed"]).default("always"),
  /** The version to go back to, chosen by hand; the last good one when left out. */
  sha: sha.optional(),
  description: z.string().max(140).optional(),
});

const output = z.object({
  rolledBack: z.boolean(),
  /** The new deployment. */
  deploymentId: z.int().nullable(),
  sha: z.string().nullable(),
  /** It had been made by an earlier call. */
  repeated: z.boolean(),
});

export type RollbackDeploymentInput = z.output<typeof input>;
export type RollbackDeploymentOutput = z.input<typeof output>;

export const rollbackDeployment = defineAction({
  summary: "Deploy the last good version anew in the place of a deployment, which becomes inactive",
  docs: rest("deployments/deployments#create-a-deployment"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; a later repeat finds the rollback that was made and finishes it",
  },
  input,
  output,
  run: async (api, given) => (await import("../../deploy/rollback.ts")).rollBack(api, given),
});
