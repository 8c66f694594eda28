import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository, rest } from "../../client.ts";
import { Step } from "../../deploy/rollout.ts";

const input = z.object({
  ...repository,
  deploymentId: id,
  /** The step that is over, counted from 1. */
  step: z.int().min(1).max(100),
  healthy: z.boolean(),
  reason: z.string().max(80).default(""),
  logUrl: z.url().optional(),
  environmentUrl: z.url().optional(),
});

const output = z.object({
  state: z.enum(["in_progress", "success", "failure"]),
  /** What is to be done now; `null` where the rollout is over. */
  step: z.int().nullable(),
  now: Step.nullable(),
});

export type AdvanceRolloutInput = z.output<typeof input>;
export type AdvanceRolloutOutput = z.input<typeof output>;

export const advanceRollout = defineAction({
  summary:
    "Tell how a step of a rollout went: the next one begins, the last one makes a success, an unhealthy one a failure",
  docs: rest("deployments/statuses#create-a-deployment-status"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "a step that was left is not left again" },
  input,
  output,
  run: async (api, given) => (await import("../../deploy/advance.ts")).advance(api, given),
});
