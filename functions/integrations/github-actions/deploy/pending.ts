import { type Api, path } from "#shared/integration";
import * as z from "zod";

/** A workflow run that waits for approval. */
export type WaitingRun = { readonly owner: string; readonly repo: string; readonly runId: number };

const Pending = z.object({
  environment: z.object({ id: z.int(), name: z.string() }),
  wait_timer: z.int(),
  wait_timer_started_at: z.string().nullable(),
  current_user_can_approve: z.boolean(),
});

/** The environments that a run waits for: https://docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run */
export function readPending(
  api: Api,
  { owner, repo, runId }: WaitingRun,
): Promise<z.output<typeof Pending>[]> {
  return api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/actions/runs/${runId}/pending_deployments`,
    response: z.array(Pending),
  });
}

/** Approves or rejects: https://docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run */
export async function review(
  api: Api,
  { owner, repo, runId }: WaitingRun,
  decision: {
    readonly environmentIds: readonly number[];
    readonly state: "approved" | "rejected";
    readonly comment: string;
  },
): Promise<void> {
  const { environmentIds, state, comment } = decision;
  await api.request({
    method: "POST",
    path: path`/repos/${owner}/${repo}/actions/runs/${runId}/pending_deployments`,
    json: { environment_ids: environmentIds, state, comment },
    response: z.unknown(),
  });
}
