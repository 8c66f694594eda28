import { defineFunction, queueTrigger } from "#shared/function";
import { notify, NOTIFY_SECONDS, notifyUses } from "./notify.ts";
import { NotifyRequest, notifyRequests } from "./queues.ts";

/** Tells Slack what became of a deployment. */
export const deployNotify = defineFunction({
  name: "deploy-notify",
  summary: "Posts what is new about a deployment to its Slack thread, and shows its state on top.",
  trigger: queueTrigger(notifyRequests),
  input: NotifyRequest,
  uses: notifyUses,
  limits: { timeoutSeconds: NOTIFY_SECONDS },
  handler: (ctx, { body, attempt }) => notify(ctx, body, attempt),
});
