import { defineAction } from "#shared/integration";
import * as z from "zod";
import { next, paging, repository, rest } from "../../client.ts";

const Workflow = z.object({ id: z.int(), name: z.string(), path: z.string(), state: z.string() });

const input = z.object({ ...repository, ...paging });

const output = z.object({ workflows: z.array(Workflow), next });

export type ListWorkflowsInput = z.output<typeof input>;
export type ListWorkflowsOutput = z.input<typeof output>;

export const listWorkflows = defineAction({
  summary: "List the workflows of a repository",
  docs: rest("actions/workflows#list-repository-workflows"),
  scopes: ["actions:read"],
  effect: "read",
  input,
  output,
  run: async (api, given) => (await import("../../runs/runs.ts")).listWorkflows(api, given),
});
