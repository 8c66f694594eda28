import { action } from "#shared/integration";
import * as z from "zod";

// What this recipe uses of GitHub and Docker Hub; the integrations' own schemas are wider.

const place = z.object({ owner: z.string(), repo: z.string() });

export const sourceActions = {
  dispatch: action("github-actions.dispatch-workflow", {
    input: place.extend({ workflow: z.string(), ref: z.string() }),
    output: z.object({ runId: z.int().nullable(), url: z.string().nullable() }),
  }),
  runs: action("github-actions.list-workflow-runs", {
    input: place.extend({ workflow: z.string(), branch: z.string(), event: z.string() }),
    output: z.object({
      runs: z.array(z.object({ id: z.int(), url: z.string(), createdAt: z.string() })),
    }),
  }),
  readRun: action("github-actions.get-workflow-run", {
    input: place.extend({ runId: z.int() }),
    output: z.object({ done: z.boolean(), conclusion: z.string().nullable() }),
  }),
  verify: action("docker-hub.verify-image", {
    input: z.object({ repository: z.string(), reference: z.string(), policy: z.unknown() }),
    output: z.object({ digest: z.string(), trusted: z.boolean(), reasons: z.array(z.string()) }),
  }),
};
