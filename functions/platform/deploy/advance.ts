import { ack, type Context, type QueueOutcome, retry } from "#shared/function";
import { decide, type Outcome } from "./decide.ts";
import { type Deployment, deployments, RETENTION_SECONDS } from "./deployment.ts";
import { notifyRequests, type StepRequest, stepRequests } from "./queues.ts";
import { perform, performUses } from "./steps/perform.ts";

export const advanceUses = {
  ...performUses,
  deployments: deployments.grant("get", "update"),
  steps: stepRequests.grant("send"),
  notify: notifyRequests.grant("send"),
};
type AdvanceContext = Context<typeof advanceUses>;

/** How long `deploy-step` may run. */
export const STEP_SECONDS = 50;
/** A dead attempt's last action may go on for its own 30 s; then nothing of it is under way any more. */
const LEASE_MS = (STEP_SECONDS + 32) * 1_000;
/** Waiting for longer is done in parts. */
const LONGEST_WAIT_SECONDS = 600;
/** From then on a message that waits is replaced, long before the queue would give it up. */
const MANY_ATTEMPTS = 20;

const ttlSeconds = RETENTION_SECONDS;

/**
 * One attempt at a step of a deployment. The row is taken by a lease before anything is done and changed after it, each
 * time for the sequence that the message is about; whoever finds a row that moved on makes sure that the next message
 * was sent. So an attempt may die anywhere, and messages may come twice, late or in any order.
 */
export async function advance(
  ctx: AdvanceContext,
  request: StepRequest,
  attempt: number,
): Promise<QueueOutcome> {
  const key = { repository: request.repository, id: request.id };
  const found = (await ctx.deployments.get(key))?.value;
  if (found === undefined) return ack();
  if (found.sequence !== request.sequence) return pass(ctx, found);
  if (found.step.kind === "over") return pass(ctx, found);
  const owner = ctx.random.uuid();
  const taken = await take(ctx, found, owner);
  if (taken.lease?.owner !== owner) return later(ctx, taken, attempt);
  const outcome = await perform(ctx, taken);
  const next = await settle(ctx, taken, outcome);
  return next.sequence === taken.sequence ? later(ctx, next, attempt) : pass(ctx, next);
}

/** Sends what follows a change of step, unless somebody has begun with it. */
async function pass(ctx: AdvanceContext, row: Deployment): Promise<QueueOutcome> {
  if (row.attempts > 0) return ack();
  const { repository, id, sequence } = row;
  if (row.step.kind !== "over") await sent(ctx.steps.send({ repository, id, sequence }));
  await sent(ctx.notify.send({ repository, id }));
  return ack();
}

async function take(ctx: AdvanceContext, found: Deployment, owner: string): Promise<Deployment> {
  const nowMs = ctx.clock.now();
  const entry = await ctx.deployments.update(
    found,
    (current) => {
      if (current === undefined || current.sequence !== found.sequence) return undefined;
      if (current.dueAtMs > nowMs || (current.lease?.untilMs ?? 0) > nowMs) return undefined;
      const lease = { owner, untilMs: nowMs + LEASE_MS };
      return { ...current, lease, attempts: current.attempts + 1 };
    },
    { ttlSeconds },
  );
  return entry?.value ?? found;
}

/** Writes the outcome down, if the step is still this attempt's. */
async function settle(
  ctx: AdvanceContext,
  taken: Deployment,
  outcome: Outcome,
): Promise<Deployment> {
  const nowMs = ctx.clock.now();
  const entry = await ctx.deployments.update(
    taken,
    (current) => {
      if (current?.sequence !== taken.sequence) return undefined;
      if (current.lease?.owner !== taken.lease?.owner) return undefined;
      const { lease: _, ...row } = current;
      return decide(row, outcome, nowMs);
    },
    { ttlSeconds },
  );
  ctx.log.info("deploy.step", { step: taken.step.kind, outcome: outcome.kind });
  return entry?.value ?? taken;
}

/** Not before the row is due and free. */
async function later(ctx: AdvanceContext, row: Deployment, attempt: number): Promise<QueueOutcome> {
  const notBeforeMs = Math.max(row.dueAtMs, row.lease?.untilMs ?? 0);
  if (attempt >= MANY_ATTEMPTS) {
    const { repository, id, sequence } = row;
    await sent(ctx.steps.send({ repository, id, sequence }));
    return ack();
  }
  const seconds = Math.ceil((notBeforeMs - ctx.clock.now()) / 1_000);
  const afterSeconds = Math.min(LONGEST_WAIT_SECONDS, Math.max(1, seconds));
  return retry({ afterSeconds, reason: `the step ${row.step.kind} waits` });
}

/** A message that was not taken is the attempt's failure: the queue repeats it. */
export async function sent(
  results: Promise<
    readonly ({ readonly ok: true } | { readonly ok: false; readonly fault: Error })[]
  >,
): Promise<void> {
  for (const result of await results) if (!result.ok) throw result.fault;
}
