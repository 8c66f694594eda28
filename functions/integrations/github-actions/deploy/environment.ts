import * as z from "zod";
import type { Protection } from "./protection.ts";

const Reviewer = z.object({ type: z.enum(["User", "Team"]), reviewer: z.object({ id: z.int() }) });

/** An environment as GitHub tells it. */
export const Environment = z.object({
  id: z.int(),
  name: z.string(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.int().optional(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z.array(Reviewer).optional(),
      }),
    )
    .optional(),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});

/** An environment in our words. */
export function environmentOf(found: z.output<typeof Environment>): z.input<typeof Protection> {
  const rules = found.protection_rules ?? [];
  const reviewers = rules.flatMap((rule) => rule.reviewers ?? []);
  const policy = found.deployment_branch_policy;
  // An app's rule has a type of its own: https://docs.github.com/actions/concepts/workflows-and-actions/custom-deployment-protection-rules
  const byApp = rules.some(
    ({ type }) => !["wait_timer", "required_reviewers", "branch_policy"].includes(type),
  );
  const conditional = byApp || (policy !== null && policy !== undefined);
  return {
    id: found.id,
    name: found.name,
    approval: reviewers.length > 0 ? "manual" : conditional ? "conditional" : "automatic",
    waitMinutes: Math.max(0, ...rules.map(({ wait_timer = 0 }) => wait_timer)),
    reviewers: reviewers.map(({ type, reviewer }) => ({ type, id: reviewer.id })),
    refs: !policy ? "all" : policy.protected_branches ? "protected" : "patterns",
  };
}
