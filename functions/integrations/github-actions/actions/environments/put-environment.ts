import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository } from "../../client.ts";
import { Environment, environmentOf, Protection } from "../../deploy/environment.ts";
import { keepPatterns } from "../../deploy/patterns.ts";

const pattern = z.string().min(1).max(255);

export const putEnvironment = defineAction({
  summary:
    "Make an environment, or set its protection: reviewers (manual), a wait (automatic), refs that may deploy (conditional)",
  docs: "https://docs.github.com/rest/deployments/environments#create-or-update-an-environment",
  scopes: ["administration:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "it says how the environment shall be" },
  input: z.object({
    ...repository,
    environment: environmentName,
    /** At most 30 days: https://docs.github.com/rest/deployments/environments */
    waitMinutes: z.int().min(0).max(43_200).default(0),
    /** One of them has to approve; at most 6. */
    reviewers: z
      .array(z.object({ type: z.enum(["User", "Team"]), id }))
      .max(6)
      .default([]),
    /** Whoever started a run may not approve it. */
    preventSelfReview: z.boolean().default(false),
    /** Which refs may deploy: all, protected branches, or those whose names match. */
    refs: z
      .union([
        z.enum(["all", "protected"]),
        z.object({
          branches: z.array(pattern).max(50).default([]),
          tags: z.array(pattern).max(50).default([]),
        }),
      ])
      .default("all"),
  }),
  output: Protection,
  async run(api, { owner, repo, environment, waitMinutes, reviewers, preventSelfReview, refs }) {
    const policy =
      refs === "all"
        ? null
        : {
            protected_branches: refs === "protected",
            custom_branch_policies: refs !== "protected",
          };
    const found = await api.request({
      method: "PUT",
      path: path`/repos/${owner}/${repo}/environments/${environment}`,
      json: {
        wait_timer: waitMinutes,
        prevent_self_review: preventSelfReview,
        reviewers,
        deployment_branch_policy: policy,
      },
      response: Environment,
    });
    if (typeof refs === "object") await keepPatterns(api, { owner, repo, environment }, refs);
    return environmentOf(found);
  },
});
