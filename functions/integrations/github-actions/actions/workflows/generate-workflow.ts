import { defineAction } from "#shared/integration";
import * as z from "zod";
import { WorkflowOptions } from "../../workflow/options.ts";

export const generateWorkflow = defineAction({
  summary:
    "Write a workflow file that builds, tests, scans and deploys a project, with pinned actions and least privilege",
  docs: "https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax",
  scopes: [],
  effect: "read",
  input: WorkflowOptions,
  output: z.object({
    /** Where it belongs; `put-file` puts it there. */
    path: z.string(),
    content: z.string(),
  }),
  async run(_, options) {
    const { generateYaml } = await import("../../workflow/generate.ts");
    const file = options.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "");
    return { path: `.github/workflows/${file || "workflow"}.yml`, content: generateYaml(options) };
  },
});
