import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";
import { Protection } from "../../deploy/protection.ts";

const input = z.object({ ...repository, ...paging });

const output = z.object({ environments: z.array(Protection), next });

export type ListEnvironmentsInput = z.output<typeof input>;
export type ListEnvironmentsOutput = z.input<typeof output>;

export const listEnvironments = defineAction({
  summary: "List environments and what has to happen before a job deploys to each",
  docs: rest("deployments/environments#list-environments"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../deploy/protect.ts")).listAll(api, given),
});
