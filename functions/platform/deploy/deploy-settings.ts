import { defineFunction, httpTrigger } from "#shared/function";
import { Pipeline, pipelines } from "./pipeline.ts";

/** Sets how a repository's releases are deployed. Deployments that are under way keep what they began with. */
export const deploySettings = defineFunction({
  name: "deploy-settings",
  summary: "Sets how the releases of a repository are built, checked, shifted and told about.",
  trigger: httpTrigger("POST", "/v1/functions/deploy-settings"),
  input: Pipeline,
  uses: { pipelines: pipelines.grant("put") },
  async handler(ctx, pipeline) {
    await ctx.pipelines.put(pipeline, { ifRev: "any" });
    const { repository, target, strategy } = pipeline;
    return { repository, cloud: target.cloud, strategy: strategy.kind };
  },
});
