import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository, rest } from "../../client.ts";
import { Protection } from "../../deploy/protection.ts";

const pattern = z.string().min(1).max(255);

const input = z.object({
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
});

const output = Protection;

export type PutEnvironmentInput = z.output<typeof input>;
export type PutEnvironmentOutput = z.input<typeof output>;

export const putEnvironment = defineAction({
  summary:
    "Make an environment, or set its protection: reviewers (manual), a wait (automatic), refs that may deploy (conditional)",
  docs: rest("deployments/environments#create-or-update-an-environment"),
  scopes: ["administration:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "it says how the environment shall be" },
  input,
  output,
  run: async (api, given) => (await import("../../deploy/protect.ts")).protect(api, given),
});
