import { type Api, path } from "#shared/integration";
import type {
  AdvanceRolloutInput,
  AdvanceRolloutOutput,
} from "../actions/deployments/advance-rollout.ts";
import type {
  StartRolloutInput,
  StartRolloutOutput,
} from "../actions/deployments/start-rollout.ts";
import { refuse } from "../client.ts";
import { Deployment, readStatuses } from "./history.ts";
import type { Step } from "./rollout.ts";
import { currentStep, describeStep, RolloutPayload, stepsOf } from "./steps.ts";
import { deploy, tell } from "./write.ts";

/** Runs `start-rollout`. */
export async function start(
  api: Api,
  { owner, repo, ref, environment, strategy, description }: StartRolloutInput,
): Promise<StartRolloutOutput> {
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
}

/** Runs `advance-rollout`. */
export async function advance(
  api: Api,
  { owner, repo, deploymentId, step, healthy, reason, logUrl, environmentUrl }: AdvanceRolloutInput,
): Promise<AdvanceRolloutOutput> {
  const place = { owner, repo };
  const steps = await readSteps(api, place, deploymentId);
  const current = currentStep(await readStatuses(api, place, deploymentId, 10));
  if (current === undefined || current.step < step) {
    throw refuse(`rollout: step ${step} has not begun; it is at ${current?.step ?? "none"}`);
  }
  const under = current.state === "in_progress";
  if (!under) return over(current.state);
  if (current.step > step) return underWay(current.step, steps);
  const last = step === steps.length;
  const state = !healthy ? "failure" : last ? "success" : "in_progress";
  const told = state === "in_progress" ? step + 1 : step;
  await tell(api, place, deploymentId, {
    state,
    description: describeStep(steps, told, reason),
    log_url: logUrl,
    environment_url: environmentUrl,
  });
  return state === "in_progress" ? underWay(told, steps) : over(state);
}

type Advanced = {
  state: "in_progress" | "success" | "failure";
  step: number | null;
  now: Step | null;
};

async function readSteps(
  api: Api,
  { owner, repo }: { readonly owner: string; readonly repo: string },
  deploymentId: number,
): Promise<Step[]> {
  const { payload } = await api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/deployments/${deploymentId}`,
    response: Deployment,
  });
  const found = RolloutPayload.safeParse(payload).data;
  if (found !== undefined) return found.rollout;
  throw refuse("rollout: this deployment has no steps; begin one with start-rollout");
}

/** `inactive` is a success that was replaced since. */
function over(state: string): Advanced {
  const success = state === "success" || state === "inactive";
  return { state: success ? "success" : "failure", step: null, now: null };
}

function underWay(step: number, steps: readonly Step[]): Advanced {
  return { state: "in_progress", step, now: steps[step - 1] ?? null };
}
