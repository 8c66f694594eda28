import { type Api, defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, refuse, repository, sha } from "../../client.ts";
import {
  type Deployment,
  lastGood,
  type Place,
  readDeployments,
  readStatuses,
  rollbackOf,
} from "../../deploy/history.ts";
import { deploy, tell } from "../../deploy/write.ts";

export const rollbackDeployment = defineAction({
  summary: "Deploy the last good version anew in the place of a deployment, which becomes inactive",
  docs: "https://docs.github.com/rest/deployments/deployments#create-a-deployment",
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; a later repeat finds the rollback that was made and finishes it",
  },
  input: z.object({
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
  }),
  output: z.object({
    rolledBack: z.boolean(),
    /** The new deployment. */
    deploymentId: z.int().nullable(),
    sha: z.string().nullable(),
    /** It had been made by an earlier call. */
    repeated: z.boolean(),
  }),
  async run(api, { when, sha: chosen, description, deploymentId, ...place }) {
    const all = await readDeployments(api, place);
    const bad = all.find((one) => one.id === deploymentId);
    if (bad === undefined) throw refuse("rollback: no such deployment; list the environment's");
    const [latest] = await readStatuses(api, place, bad.id);
    const earlier = rollbackOf(all, bad.id);
    const failed = all[0] === bad && ["failure", "error"].includes(latest?.state ?? "");
    if (when === "failed" && !failed && earlier === undefined) {
      return { rolledBack: false, deploymentId: null, sha: null, repeated: false };
    }
    const made =
      earlier ??
      (await deploy(api, place, {
        ref: chosen ?? (await targetOf(api, place, all, bad)),
        environment: place.environment,
        description: description ?? `Roll back deployment ${bad.id}`,
        payload: { rollback_of: bad.id },
      }));
    if (latest?.state !== "inactive") {
      await tell(api, place, bad.id, { state: "inactive", description: `Undone by ${made.id}` });
    }
    const repeated = earlier !== undefined;
    return { rolledBack: true, deploymentId: made.id, sha: made.sha, repeated };
  },
});

async function targetOf(
  api: Api,
  place: Place,
  all: readonly Deployment[],
  bad: Deployment,
): Promise<string> {
  const good = await lastGood(api, place, all, bad);
  if (good !== undefined) return good.sha;
  throw refuse("rollback: no earlier deployment was a success; choose a version with `sha`");
}
