import type { DeployFunction } from "#shared/plan";

/** Time for the pipeline to answer and log after a handler's own deadline, before Lambda ends the invocation. */
const SLACK_SECONDS = 5;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LONGEST_SECONDS = 900;

/** How long Lambda lets a function run. */
export function timeoutOf({ limits }: Pick<DeployFunction, "limits">): number {
  return Math.min(LONGEST_SECONDS, limits.timeoutSeconds + SLACK_SECONDS);
}
