import { type Context } from "#shared/function";
import { begin, type Deployment, deployments, RETENTION_SECONDS } from "./deployment.ts";
import type { Pipeline } from "./pipeline.ts";
import { notifyRequests, stepRequests } from "./queues.ts";
import { sent } from "./advance.ts";

export const startUses = {
  deployments: deployments.grant("create"),
  steps: stepRequests.grant("send"),
  notify: notifyRequests.grant("send"),
};

/** Begins a deployment, or gives the one that began with the same tag and run. */
export async function start(
  ctx: Context<typeof startUses>,
  pipeline: Pipeline,
  tag: string,
  run: string,
): Promise<Deployment> {
  const row = begin(pipeline, tag, run, ctx.clock.now());
  const created = await ctx.deployments.create(row, { ttlSeconds: RETENTION_SECONDS });
  const current = created.ok ? row : (created.current?.value ?? row);
  // Also for a repeat: an attempt that died here left the row without its message.
  if (current.sequence === row.sequence && current.attempts === 0) {
    const { repository, id, sequence } = row;
    await sent(ctx.steps.send({ repository, id, sequence }));
    await sent(ctx.notify.send({ repository, id }));
  }
  return current;
}
