import { toFault } from "#shared/errors";
import { ack, type Context, type QueueOutcome, retry } from "#shared/function";
import { fingerprint } from "#shared/idempotency";
import { type Deployment, deployments, RETENTION_SECONDS } from "./deployment.ts";
import {
  EVENT_TYPE,
  headOf,
  numberOf,
  replyOf,
  slackActions,
  type Thread,
  threads,
} from "./thread.ts";

export const notifyUses = {
  ...slackActions,
  deployments: deployments.grant("get"),
  threads: threads.grant("update"),
};
type NotifyContext = Context<typeof notifyUses>;
type Key = { readonly repository: string; readonly id: string };

/** How long `deploy-notify` may run, and until nothing of a dead attempt is under way any more. */
export const NOTIFY_SECONDS = 50;
const LEASE_MS = (NOTIFY_SECONDS + 32) * 1_000;
/** A look whether a post is there, and the post. */
const ONE_POST_MS = 20_000;
// A day more than the deployment is kept, so that no thread begins twice.
const ttlSeconds = RETENTION_SECONDS + 86_400;

/** Brings the one thread of a deployment to its newest state: each notice one reply, in order. */
export async function notify(ctx: NotifyContext, key: Key, attempt: number): Promise<QueueOutcome> {
  const owner = ctx.random.uuid();
  let thread = await change(ctx, key, (current) => take(ctx, current, owner));
  if (thread.lease?.owner !== owner) return later(ctx, thread, attempt, "somebody else tells");
  let isOver = false;
  try {
    while (!isOver && ctx.remainingMs() > ONE_POST_MS) {
      const row = (await ctx.deployments.get(key))?.value;
      isOver = row === undefined || isTold(row, thread);
      if (row !== undefined && !isOver) thread = await tell(ctx, row, thread);
    }
  } catch (thrown) {
    // The lease stays: what was asked for last may still be under way.
    return later(ctx, thread, attempt, toFault(thrown).message);
  }
  await change(ctx, key, ({ lease, ...free }) => (lease?.owner === owner ? free : undefined));
  // Whoever came while the lease was held waits for its end, so nothing that is new is lost.
  return isOver ? ack() : retry({ afterSeconds: 1, reason: "there is more to tell" });
}

function isTold({ notices, sequence }: Deployment, { ts, told, shown }: Thread): boolean {
  return ts !== undefined && told >= notices.length && shown >= sequence;
}

/** The head, then the replies, then the head as it is now. */
async function tell(ctx: NotifyContext, row: Deployment, thread: Thread): Promise<Thread> {
  const { channel } = row.pipeline;
  if (thread.ts !== undefined && thread.told >= row.notices.length) {
    await ctx.update({ channel, ts: thread.ts, text: headOf(row) });
    return owned(ctx, thread, { shown: row.sequence });
  }
  const number = thread.ts === undefined ? 0 : thread.told + 1;
  const repeated = thread.begun > number;
  const begun = await owned(ctx, thread, { begun: number + 1 });
  const found = repeated ? await find(ctx, row, begun) : undefined;
  const ts = found ?? (await post(ctx, row, begun));
  return owned(ctx, begun, thread.ts === undefined ? { ts } : { told: number });
}

async function post(ctx: NotifyContext, row: Deployment, { ts, told }: Thread): Promise<string> {
  const { repository, id } = row;
  const { channel } = row.pipeline;
  const text = ts === undefined ? headOf(begunOf(row)) : replyOf(row.notices, told);
  const reply = ts === undefined ? {} : { threadTs: ts };
  const event_payload = { deployment: markOf(row), part: ts === undefined ? "head" : String(told) };
  const message = { channel, text, ...reply, metadata: { event_type: EVENT_TYPE, event_payload } };
  const key = fingerprint(["deploy-thread", repository, id, event_payload.part]);
  return (await ctx.post(message, { idempotencyKey: key })).ts;
}

/** What an attempt that died has posted. */
async function find(
  ctx: NotifyContext,
  row: Deployment,
  { ts, told }: Thread,
): Promise<string | undefined> {
  const { channel } = row.pipeline;
  if (ts !== undefined) {
    const { items } = await ctx.replies({ channel, ts });
    return items.find((item) => item.ts !== ts && item.text?.startsWith(numberOf(told)))?.ts;
  }
  const found = await ctx.find({
    channel,
    // Slack's clock is not ours: a minute of room.
    oldestTs: (row.startedAtMs / 1_000 - 60).toFixed(6),
    eventType: EVENT_TYPE,
    eventKey: "deployment",
    eventValue: markOf(row),
  });
  return found.ts;
}

/** The head as every attempt posts it first: one key, one input. */
function begunOf(row: Deployment): Deployment {
  return { ...row, step: { kind: "dispatch" }, reachedPercent: 0 };
}

function markOf({ repository, id }: Deployment): string {
  return `${repository} ${id}`;
}

async function owned(ctx: NotifyContext, mine: Thread, news: Partial<Thread>): Promise<Thread> {
  const { repository, id } = mine;
  return change(ctx, { repository, id }, (current) =>
    current.lease?.owner === mine.lease?.owner ? { ...current, ...news } : undefined,
  );
}

function take(ctx: NotifyContext, current: Thread, owner: string): Thread | undefined {
  const nowMs = ctx.clock.now();
  if ((current.lease?.untilMs ?? 0) > nowMs) return undefined;
  return { ...current, lease: { owner, untilMs: nowMs + LEASE_MS } };
}

async function change(
  ctx: NotifyContext,
  { repository, id }: Key,
  next: (current: Thread) => Thread | undefined,
): Promise<Thread> {
  const fresh: Thread = { repository, id, told: 0, begun: 0, shown: 0 };
  const entry = await ctx.threads.update({ repository, id }, (current) => next(current ?? fresh), {
    ttlSeconds,
  });
  return entry?.value ?? fresh;
}

function later(
  ctx: NotifyContext,
  { lease }: Thread,
  attempt: number,
  reason: string,
): QueueOutcome {
  const freeSeconds = Math.ceil(((lease?.untilMs ?? 0) - ctx.clock.now()) / 1_000);
  const backoffSeconds = Math.min(600, 2 ** Math.min(attempt, 10));
  return retry({
    afterSeconds: Math.max(1, freeSeconds, attempt > 1 ? backoffSeconds : 1),
    reason,
  });
}
