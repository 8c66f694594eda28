import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";

const input = z.object({
  ...repository,
  ...paging,
  environment: z.string().min(1).optional(),
  ref: z.string().min(1).optional(),
  sha: z.string().min(1).optional(),
});

const output = z.object({
  deployments: z.array(
    z.object({
      id: z.int(),
      sha: z.string(),
      ref: z.string(),
      environment: z.string(),
      description: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
  next,
});

export type ListDeploymentsInput = z.output<typeof input>;
export type ListDeploymentsOutput = z.input<typeof output>;

export const listDeployments = defineAction({
  summary: "List deployments, newest first",
  docs: rest("deployments/deployments#list-deployments"),
  scopes: ["deployments:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../deploy/lists.ts")).listDeployments(api, given),
});
