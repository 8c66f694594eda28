import { type Fault, toFault } from "#shared/errors";
import type { Clients } from "#shared/function";
import { cloudActions, openCloud } from "../clouds/open-cloud.ts";
import type { Outcome } from "../decide.ts";
import type { Deployment } from "../deployment.ts";
import { awaitBuild, buildUses, dispatchBuild, verifyImage } from "./build.ts";
import { leaveLock, lockUses, takeLock } from "./lock.ts";

export const performUses = { ...buildUses, ...lockUses, ...cloudActions };
type Context = Clients<typeof performUses>;

/** Attempts at the step that a deployment is at. What a vendor refuses for good is an outcome; nothing is thrown. */
export async function perform(ctx: Context, row: Deployment): Promise<Outcome> {
  try {
    return await attempt(ctx, row);
  } catch (thrown) {
    const fault = toFault(thrown);
    return isFinal(fault, row) ? { kind: "failed", reason: fault.message } : later(fault, row);
  }
}

async function attempt(ctx: Context, row: Deployment): Promise<Outcome> {
  const { step, stages } = row;
  switch (step.kind) {
    case "dispatch":
      return dispatchBuild(ctx, row);
    case "build":
      return awaitBuild(ctx, row);
    case "verify":
      return verifyImage(ctx, row);
    case "lock":
      return takeLock(ctx, row);
    case "unlock":
      return leaveLock(ctx, row);
    case "prepare":
      return (await openCloud(ctx, row)).prepare();
    case "probe":
    case "watch":
      return check(ctx, row);
    case "shift":
      return (await openCloud(ctx, row)).shift(stages[step.stage]?.percent ?? 100);
    case "rollback":
      return (await openCloud(ctx, row)).rollback();
    case "over":
      return { kind: "done" };
  }
}

/** A release that cannot be asked is not known to be well, whatever the cause. */
async function check(ctx: Context, row: Deployment): Promise<Outcome> {
  try {
    return { kind: "checked", ...(await (await openCloud(ctx, row)).probe()) };
  } catch (thrown) {
    return { kind: "checked", healthy: false, reason: toFault(thrown).message };
  }
}

/** The way back is tried until its time is over, whatever is said against it; leaving the lock for ever. */
function isFinal(fault: Fault, { step }: Deployment): boolean {
  if (step.kind === "rollback" || step.kind === "unlock") return false;
  return !fault.retryable && fault.details["outcome"] !== "unknown";
}

const LONGEST_BACKOFF_SECONDS = 120;

function later(fault: Fault, { attempts }: Deployment): Outcome {
  const backoffSeconds = Math.min(LONGEST_BACKOFF_SECONDS, 2 ** Math.min(attempts, 10));
  const afterSeconds = Math.max(backoffSeconds, Math.ceil((fault.retryAfterMs ?? 0) / 1_000));
  return { kind: "wait", reason: fault.message, afterSeconds };
}
