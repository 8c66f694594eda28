import { type Code, Fault, toFault } from "#shared/errors";
import { ack, type Context, deadLetter, type QueueOutcome, retry } from "#shared/function";
import { DEFAULT_CHANNEL, RETENTION_SECONDS, settings } from "./delivery.ts";
import { EVENT_TYPE, findMessage, postMessage, updateMessage } from "./slack-actions.ts";
import {
  ACTION_MS,
  type Claim,
  claim,
  giveBack,
  type Post,
  posts,
  settle,
  type Shown,
} from "./post.ts";
import type { SlackMessage } from "./slack-text.ts";

/** What publishing needs of a function's `uses`. */
export const publishUses = {
  posts: posts.grant("update"),
  settings: settings.grant("get"),
  post: postMessage,
  update: updateMessage,
  find: findMessage,
};
type PublishContext = Context<typeof publishUses>;

export type Content = { readonly version: number; readonly message: SlackMessage };

/** What a message is about, and how to get the newest of it; `undefined` when there is nothing to say. */
export type Subject = {
  readonly repository: string;
  readonly subject: string;
  readonly load: () => Promise<Content | undefined>;
};

// A day more than what is shown is kept, so that a post is never forgotten before its delivery.
const ttlSeconds = RETENTION_SECONDS + 86_400;
/** Enough for a burst of events; whatever comes later has a queue message of its own. */
const MAX_ROUNDS = 5;

/**
 * Brings the one Slack message of a subject to its newest content: posts it if there is none, updates it
 * otherwise. Safe against duplicates, concurrency and a crash at any point. The outcome is for the queue.
 */
export async function publish(ctx: PublishContext, about: Subject): Promise<QueueOutcome> {
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const content = await about.load();
    if (content === undefined) return ack();
    const taken = await take(ctx, about, content);
    if (taken.step === "done") return ack();
    if (taken.step === "wait") return retryAt(ctx, taken.untilMs, "another attempt is at work");
    const outcome = await show(ctx, taken, content);
    if (outcome !== undefined) return outcome;
  }
  return retry({ afterSeconds: 1, reason: "the content changes faster than Slack is told" });
}

async function take(
  ctx: PublishContext,
  { repository, subject }: Subject,
  content: Content,
): Promise<Claim> {
  const setting = await ctx.settings.get({ repository });
  const channel = setting?.value.channel ?? DEFAULT_CHANNEL;
  const names = {
    repository,
    subject,
    channel,
    intent: ctx.random.uuid(),
    owner: ctx.random.uuid(),
  };
  let decision: Claim = { step: "done" };
  await ctx.posts.update(
    { repository, subject },
    (current) => {
      decision = claim(current, { ...names, ...content, nowMs: ctx.clock.now() });
      return "row" in decision ? decision.row : undefined;
    },
    { ttlSeconds },
  );
  return decision;
}

/** One step towards the content, under the lease. Gives an outcome when this attempt must end with it. */
async function show(
  ctx: PublishContext,
  { step, row }: Extract<Claim, { row: Post }>,
  content: Content,
): Promise<QueueOutcome | undefined> {
  const untilMs = row.lease?.untilMs ?? 0;
  let shown: Shown | undefined;
  try {
    shown = step === "update" ? await update(ctx, row, content) : await post(ctx, step, row);
    if (shown === undefined) return retryAt(ctx, untilMs, "too late to call Slack in this lease");
  } catch (thrown) {
    const fault = toFault(thrown);
    if (refusals.has(fault.code)) return refused(ctx, row, fault);
    await ctx.posts.update(row, (current) => settle(current, row), { ttlSeconds });
    return retryAt(ctx, untilMs, fault.message);
  }
  await ctx.posts.update(row, (current) => settle(current, row, shown), { ttlSeconds });
  return undefined;
}

/** Faults by which it is certain that nothing happened at Slack and nothing is under way. */
const refusals: ReadonlySet<Code> = new Set([
  "invalid_argument",
  "unauthenticated",
  "permission_denied",
  "not_found",
  "failed_precondition",
  "too_large",
  "resource_exhausted",
  "unimplemented",
]);

async function refused(ctx: PublishContext, row: Post, fault: Fault): Promise<QueueOutcome> {
  await ctx.posts.update(row, (current) => giveBack(current, row), { ttlSeconds });
  if (!fault.retryable) return deadLetter(fault.message);
  const afterSeconds = Math.max(1, Math.ceil((fault.retryAfterMs ?? 0) / 1000));
  return retry({ afterSeconds, reason: fault.message });
}

async function update(
  ctx: PublishContext,
  row: Post,
  { version, message }: Content,
): Promise<Shown | undefined> {
  const { channel, ts } = row;
  if (ts === undefined) throw broken("a posted message has no ts");
  if (!mayCall(ctx, row)) return undefined;
  await ctx.update({ channel, ts, ...message });
  return { ts, channel, version };
}

/** Posts the draft of the intent, unless an earlier attempt at it turns out to have got through. */
async function post(
  ctx: PublishContext,
  step: "post" | "reconcile",
  row: Post,
): Promise<Shown | undefined> {
  const { draft, channel, intent } = row;
  if (draft === undefined) throw broken("an intent has no draft");
  const { version, message } = draft;
  const found = step === "reconcile" ? await find(ctx, row) : undefined;
  if (found !== undefined) return { ...found, version };
  if (!mayCall(ctx, row)) return undefined;
  const metadata = { event_type: EVENT_TYPE, event_payload: { intent } };
  // One key and one input per intent: an attempt that comes too late gets the answer of the one that was in time.
  const posted = await ctx.post({ channel, ...message, metadata }, { idempotencyKey: intent });
  return { ...posted, version };
}

async function find(
  ctx: PublishContext,
  { channel, intent, intentAtMs }: Post,
): Promise<Pick<Shown, "ts" | "channel"> | undefined> {
  const found = await ctx.find({
    channel,
    // Slack's clock is not ours: a minute of room.
    oldestTs: (intentAtMs / 1000 - 60).toFixed(6),
    eventType: EVENT_TYPE,
    eventKey: "intent",
    eventValue: intent,
  });
  return found.ts === undefined ? undefined : { ts: found.ts, channel: found.channel ?? channel };
}

/** A call begun now is over, with all its effects, before the lease is. */
function mayCall(ctx: PublishContext, { lease }: Post): boolean {
  return (lease?.untilMs ?? 0) - ctx.clock.now() >= ACTION_MS;
}

function retryAt(ctx: PublishContext, untilMs: number, reason: string): QueueOutcome {
  const restSeconds = Math.max(1, Math.ceil((untilMs - ctx.clock.now()) / 1000));
  // Apart from each other, or all that wait for one lease come back at once.
  return retry({ afterSeconds: restSeconds + Math.floor(ctx.random.next() * 3), reason });
}

function broken(what: string): Fault {
  return new Fault("internal", `delivery-pulse.publish: ${what}; report it`);
}
