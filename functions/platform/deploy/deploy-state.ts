import { defineFunction, httpTrigger } from "#shared/function";
import * as z from "zod";
import { type Deployment, deployments } from "./deployment.ts";
import { repository } from "./pipeline.ts";

/** Answers how deployments stand. */
export const deployState = defineFunction({
  name: "deploy-state",
  summary: "How a repository's deployments stand, with everything that was told about them.",
  trigger: httpTrigger("POST", "/v1/functions/deploy-state"),
  input: z.object({
    repository,
    /** Only this deployment. */
    id: z.string().min(1).optional(),
    /** Where the page before ended. */
    after: z.string().optional(),
  }),
  uses: { deployments: deployments.grant("get", "list") },
  async handler(ctx, { repository: of, id, after }) {
    if (id !== undefined) {
      const entry = await ctx.deployments.get({ repository: of, id });
      return { deployments: entry === undefined ? [] : [answer(entry.value)], next: null };
    }
    const { items, cursor } = await ctx.deployments.list(of, { after });
    return { deployments: items.map(({ value }) => answer(value)), next: cursor ?? null };
  },
});

function answer({ id, tag, step, facts, reachedPercent, startedAtMs, notices }: Deployment) {
  const ending = step.kind === "over" ? step.ending : null;
  return { id, tag, step: step.kind, ending, reachedPercent, facts, startedAtMs, notices };
}
