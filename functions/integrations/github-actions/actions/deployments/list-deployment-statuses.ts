import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, next, paging, repository, rest } from "../../client.ts";

const input = z.object({ ...repository, ...paging, deploymentId: id });

const output = z.object({
  statuses: z.array(
    z.object({ id: z.int(), state: z.string(), description: z.string(), createdAt: z.string() }),
  ),
  next,
});

export type ListDeploymentStatusesInput = z.output<typeof input>;
export type ListDeploymentStatusesOutput = z.input<typeof output>;

export const listDeploymentStatuses = defineAction({
  summary: "List what was told of a deployment, newest first",
  docs: rest("deployments/statuses#list-deployment-statuses"),
  scopes: ["deployments:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../deploy/lists.ts")).listStatuses(api, given),
});
