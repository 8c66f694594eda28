import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type {
  ListDeploymentStatusesInput,
  ListDeploymentStatusesOutput,
} from "../actions/deployments/list-deployment-statuses.ts";
import type {
  ListDeploymentsInput,
  ListDeploymentsOutput,
} from "../actions/deployments/list-deployments.ts";
import { listPage } from "../pages/list-page.ts";
import { Deployment, Status } from "./history.ts";

/** Runs `list-deployments`. */
export async function listDeployments(
  api: Api,
  { owner, repo, environment, ref, sha, ...page }: ListDeploymentsInput,
): Promise<ListDeploymentsOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/deployments`,
    query: { environment, ref, sha },
    response: z.array(Deployment),
    items: (deployments) => deployments,
  });
  const deployments = found.items.map(({ created_at, ...one }) => ({
    ...one,
    createdAt: created_at,
  }));
  return { deployments, next: found.next };
}

/** Runs `list-deployment-statuses`. */
export async function listStatuses(
  api: Api,
  { owner, repo, deploymentId, ...page }: ListDeploymentStatusesInput,
): Promise<ListDeploymentStatusesOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/deployments/${deploymentId}/statuses`,
    response: z.array(Status),
    items: (statuses) => statuses,
  });
  const statuses = found.items.map(({ created_at, ...one }) => ({
    ...one,
    createdAt: created_at,
  }));
  return { statuses, next: found.next };
}
