import { type Api, path } from "#shared/integration";
import * as z from "zod";

/** An environment of a repository. */
export type Place = { readonly owner: string; readonly repo: string; readonly environment: string };

/** A deployment as GitHub tells it. */
export const Deployment = z.object({
  id: z.int(),
  sha: z.string(),
  ref: z.string(),
  environment: z.string(),
  description: z.string().nullable(),
  created_at: z.string(),
  payload: z.unknown(),
});

export type Deployment = z.output<typeof Deployment>;

/** A step of a deployment's life as GitHub tells it. */
export const Status = z.object({
  id: z.int(),
  state: z.string(),
  description: z.string(),
  created_at: z.string(),
});

export type Status = z.output<typeof Status>;

const RollbackPayload = z.object({ rollback_of: z.int() });

/** How many deployments of an environment are looked at: more than anyone would go back. */
const DEPTH = 30;

/** How many statuses are looked at for the one that a deployment ended with; only those of its replacement come after. */
const SEEN = 20;

/** The latest deployments to an environment, newest first. */
export function readDeployments(
  api: Api,
  { owner, repo, environment }: Place,
): Promise<Deployment[]> {
  return api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/deployments`,
    query: { environment, per_page: DEPTH },
    response: z.array(Deployment),
  });
}

/** The newest statuses of a deployment, at most `count` (100), newest first. */
export function readStatuses(
  api: Api,
  { owner, repo }: Pick<Place, "owner" | "repo">,
  deploymentId: number,
  count: number,
): Promise<Status[]> {
  return api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/deployments/${deploymentId}/statuses`,
    query: { per_page: count },
    response: z.array(Status),
  });
}

/**
 * The newest deployment before `bad` that ended as a success, was not undone since, and brought another commit; `undefined`
 * where there is none.
 */
export async function lastGood(
  api: Api,
  place: Place,
  deployments: readonly Deployment[],
  bad: Deployment,
): Promise<Deployment | undefined> {
  const older = deployments.slice(deployments.indexOf(bad) + 1);
  for (const one of older) {
    if (one.sha === bad.sha || rollbackOf(deployments, one.id) !== undefined) continue;
    const statuses = await readStatuses(api, place, one.id, SEEN);
    // What was replaced is inactive now; how it ended stands before.
    const end = statuses.find(({ state }) => state !== "inactive");
    if (end?.state === "success") return one;
  }
  return undefined;
}

/** The deployment that was made to undo another one. */
export function rollbackOf(
  deployments: readonly Deployment[],
  deploymentId: number,
): Deployment | undefined {
  return deployments.find(
    ({ payload }) => RollbackPayload.safeParse(payload).data?.rollback_of === deploymentId,
  );
}
