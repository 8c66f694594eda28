import { queue } from "#shared/queue";
import * as z from "zod";

/** Longer than the functions may run, and as all others: an Azure Functions app has one time for all its queues. */
const VISIBILITY_SECONDS = 60;

/** Asks for an attempt at the step with this number. */
export const StepRequest = z.object({
  repository: z.string(),
  id: z.string(),
  sequence: z.int(),
});
export type StepRequest = z.infer<typeof StepRequest>;

/** Waiting costs attempts; before they are used up a message is replaced by a fresh one. */
export const stepRequests = queue("deploy-step", {
  schema: StepRequest,
  maxAttempts: 40,
  visibilitySeconds: VISIBILITY_SECONDS,
});

/** Asks for a deployment's thread to be brought up to date. */
export const NotifyRequest = z.object({ repository: z.string(), id: z.string() });

export const notifyRequests = queue("deploy-notify", {
  schema: NotifyRequest,
  maxAttempts: 40,
  visibilitySeconds: VISIBILITY_SECONDS,
});
