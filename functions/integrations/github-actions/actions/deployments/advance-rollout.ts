import { type Api, defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, refuse, repository } from "../../client.ts";
import { Deployment, readStatuses } from "../../deploy/history.ts";
import { currentStep, describeStep, RolloutPayload, Step } from "../../deploy/rollout.ts";
import { tell } from "../../deploy/write.ts";

export const advanceRollout = defineAction({
  summary:
    "Tell how a step of a rollout went: the next one begins, the last one makes a success, an unhealthy one a failure",
  docs: "https://docs.github.com/rest/deployments/statuses#create-a-deployment-status",
  scopes: ["deployments:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "a step that was left is not left again" },
  input: z.object({
    ...repository,
    deploymentId: id,
    /** The step that is over, counted from 1. */
    step: z.int().min(1).max(100),
    healthy: z.boolean(),
    reason: z.string().max(80).default(""),
    logUrl: z.url().optional(),
    environmentUrl: z.url().optional(),
  }),
  output: z.object({
    state: z.enum(["in_progress", "success", "failure"]),
    /** What is to be done now; `null` where the rollout is over. */
    step: z.int().nullable(),
    now: Step.nullable(),
  }),
  async run(api, { owner, repo, deploymentId, step, healthy, reason, logUrl, environmentUrl }) {
    const place = { owner, repo };
    const steps = await readSteps(api, place, deploymentId);
    const current = currentStep(await readStatuses(api, place, deploymentId));
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
  },
});

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
