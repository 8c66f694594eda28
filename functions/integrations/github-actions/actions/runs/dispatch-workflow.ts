import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

export const dispatchWorkflow = defineAction({
  summary: "Start a workflow that has a workflow_dispatch trigger",
  docs: rest("actions/workflows#create-a-workflow-dispatch-event"),
  scopes: ["actions:write"],
  effect: "write",
  idempotency: { kind: "none", why: "GitHub takes no key, and each call starts a new run" },
  input: z.object({
    ...repository,
    /** Id or file name of the workflow. */
    workflow: z.union([z.int().positive(), z.string().min(1)]),
    /** Branch or tag. */
    ref: z.string().min(1),
    inputs: z.record(z.string(), z.string()).optional(),
  }),
  /** GitHub Enterprise servers tell nothing about the run. */
  output: z.object({ runId: z.int().nullable(), url: z.string().nullable() }),
  async run(api, { owner, repo, workflow, ref, inputs }) {
    const started = await api.request({
      method: "POST",
      path: path`/repos/${owner}/${repo}/actions/workflows/${workflow}/dispatches`,
      json: { ref, inputs, return_run_details: true },
      response: z.object({ workflow_run_id: z.int(), html_url: z.string() }).optional(),
    });
    return { runId: started?.workflow_run_id ?? null, url: started?.html_url ?? null };
  },
});
