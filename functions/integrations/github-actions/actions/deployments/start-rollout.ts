import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, repository } from "../../client.ts";
import { describeStep, Step, stepsOf, Strategy } from "../../deploy/rollout.ts";
import { deploy, tell } from "../../deploy/write.ts";

export const startRollout = defineAction({
  summary:
    "Begin a rolling, blue-green or canary deployment: recorded with its steps, the first one in progress",
  docs: "https://docs.github.com/rest/deployments/deployments#create-a-deployment",
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: { kind: "none", why: "GitHub takes no key, and each call creates a deployment" },
  input: z.object({
    ...repository,
    /** Branch, tag or commit. */
    ref: z.string().min(1).max(255),
    environment: environmentName,
    strategy: Strategy,
    description: z.string().max(140).optional(),
  }),
  output: z.object({
    deploymentId: z.int(),
    sha: z.string(),
    /** Counted from 1; it is to be done now. */
    step: z.int(),
    steps: z.array(Step),
  }),
  async run(api, { owner, repo, ref, environment, strategy, description }) {
    const steps = stepsOf(strategy);
    const { id, sha } = await deploy(
      api,
      { owner, repo },
      { ref, environment, description, payload: { strategy: strategy.kind, rollout: steps } },
    );
    await tell(api, { owner, repo }, id, {
      state: "in_progress",
      description: describeStep(steps, 1),
    });
    return { deploymentId: id, sha, step: 1, steps };
  },
});
