import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, repository, rest } from "../../client.ts";
import { Step, Strategy } from "../../deploy/rollout.ts";

const input = z.object({
  ...repository,
  /** Branch, tag or commit. */
  ref: z.string().min(1).max(255),
  environment: environmentName,
  strategy: Strategy,
  description: z.string().max(140).optional(),
});

const output = z.object({
  deploymentId: z.int(),
  sha: z.string(),
  /** Counted from 1; it is to be done now. */
  step: z.int(),
  steps: z.array(Step),
});

export type StartRolloutInput = z.output<typeof input>;
export type StartRolloutOutput = z.input<typeof output>;

export const startRollout = defineAction({
  summary:
    "Begin a rolling, blue-green or canary deployment: recorded with its steps, the first one in progress",
  docs: rest("deployments/deployments#create-a-deployment"),
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: { kind: "none", why: "GitHub takes no key, and each call creates a deployment" },
  input,
  output,
  run: async (api, given) => (await import("../../deploy/advance.ts")).start(api, given),
});
