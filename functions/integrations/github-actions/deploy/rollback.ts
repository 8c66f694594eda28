import type { Api } from "#shared/integration";
import type {
  FindRollbackTargetInput,
  FindRollbackTargetOutput,
} from "../actions/rollback/find-rollback-target.ts";
import type {
  RollbackDeploymentInput,
  RollbackDeploymentOutput,
} from "../actions/rollback/rollback-deployment.ts";
import { refuse } from "../client.ts";
import type { Deployment } from "./history.ts";
import { lastGood, type Place, readDeployments, readStatuses, rollbackOf } from "./history.ts";
import { deploy, tell } from "./write.ts";

/** Runs `rollback-deployment`. */
export async function rollBack(
  api: Api,
  { when, sha: chosen, description, deploymentId, ...place }: RollbackDeploymentInput,
): Promise<RollbackDeploymentOutput> {
  const all = await readDeployments(api, place);
  const bad = all.find((one) => one.id === deploymentId);
  if (bad === undefined) throw refuse("rollback: no such deployment; list the environment's");
  const [latest] = await readStatuses(api, place, bad.id, 1);
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
}

/** Runs `find-rollback-target`. */
export async function findTarget(
  api: Api,
  { before, ...place }: FindRollbackTargetInput,
): Promise<FindRollbackTargetOutput> {
  const all = await readDeployments(api, place);
  const bad = before === undefined ? all[0] : all.find((one) => one.id === before);
  const found = bad && (await lastGood(api, place, all, bad));
  if (found === undefined) return { target: null };
  const { id: deploymentId, sha, ref, created_at: createdAt } = found;
  return { target: { deploymentId, sha, ref, createdAt } };
}

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
