import { defineFunction, queueTrigger } from "#shared/function";
import { advance, advanceUses, STEP_SECONDS } from "./advance.ts";
import { StepRequest, stepRequests } from "./queues.ts";

/** Takes a deployment one step on. */
export const deployStep = defineFunction({
  name: "deploy-step",
  summary: "Attempts the step that a deployment is at, and asks for the next one.",
  trigger: queueTrigger(stepRequests),
  input: StepRequest,
  uses: advanceUses,
  limits: { timeoutSeconds: STEP_SECONDS },
  handler: (ctx, { body, attempt }) => advance(ctx, body, attempt),
});
