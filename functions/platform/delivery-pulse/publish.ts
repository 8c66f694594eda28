import { type Code, Fault, toFault } from "#shared/errors";
import { ack, type Context, deadLetter, type QueueOutcome, retry } from "#shared/function";
import { channelOf, channelUses, idOf, learnId } from "./channels.ts";
import { RETENTION_SECONDS } from "./delivery.ts";
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
  ...channelUses,
  posts: posts.grant("update"),
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
  /** Which attempt of the queue this is, from 1. */
  readonly attempt: number;
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
    if (taken.step === "wait")
      return later(ctx, about, "another attempt is at work", taken.untilMs);
    const outcome = await show(ctx, about, taken, content);
    if (outcome !== undefined) return outcome;
  }
  return later(ctx, about, "the content changes faster than Slack is told");
}

async function take(
  ctx: PublishContext,
  { repository, subject }: Subject,
  content: Content,
): Promise<Claim> {
  const channel = await channelOf(ctx, repository);
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
  about: Subject,
  { step, row }: Extract<Claim, { row: Post }>,
  content: Content,
): Promise<QueueOutcome | undefined> {
  let shown: Shown | undefined;
  try {
    if (step === "reconcile") shown = await find(ctx, row);
  } catch (thrown) {
    return giveUp(ctx, about, row, toFault(thrown));
  }
  if (shown === undefined && !mayCall(ctx, row)) return giveUp(ctx, about, row, tooLate());
  try {
    shown ??= step === "update" ? await update(ctx, row, content) : await post(ctx, row);
  } catch (thrown) {
    const fault = toFault(thrown);
    if (refusals.has(fault.code)) return giveUp(ctx, about, row, fault);
    await ctx.posts.update(row, (current) => settle(current, row), { ttlSeconds });
    return later(ctx, about, fault.message, row.lease?.untilMs);
  }
  await ctx.posts.update(row, (current) => settle(current, row, shown), { ttlSeconds });
  return undefined;
}

/** Faults of a write by which it is certain that nothing happened at Slack and nothing is under way. */
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

/** Ends an attempt that has nothing under way: the next one need not wait for its lease. */
async function giveUp(
  ctx: PublishContext,
  about: Subject,
  row: Post,
  fault: Fault,
): Promise<QueueOutcome> {
  await ctx.posts.update(row, (current) => giveBack(current, row), { ttlSeconds });
  if (refusals.has(fault.code) && !fault.retryable) return deadLetter(fault.message);
  return later(ctx, about, fault.message, ctx.clock.now() + (fault.retryAfterMs ?? 0));
}

async function update(
  ctx: PublishContext,
  { channel, ts }: Post,
  { version, message }: Content,
): Promise<Shown> {
  if (ts === undefined) throw broken("a posted message has no ts");
  await ctx.update({ channel, ts, ...message });
  return { ts, channel, version };
}

/** Posts the draft of the intent. */
async function post(ctx: PublishContext, { channel, intent, draft }: Post): Promise<Shown> {
  if (draft === undefined) throw broken("an intent has no draft");
  const metadata = { event_type: EVENT_TYPE, event_payload: { intent } };
  const input = { channel, ...draft.message, metadata };
  // One key and one input per intent: an attempt that comes too late gets the answer of the one that was in time.
  const posted = await ctx.post(input, { idempotencyKey: intent });
  await learnId(ctx, channel, posted.channel);
  return { ...posted, version: draft.version };
}

/** The message of an earlier attempt at the intent, which turns out to have got through. */
async function find(ctx: PublishContext, row: Post): Promise<Shown | undefined> {
  const channel = await idOf(ctx, row.channel);
  const found = await ctx.find({
    channel,
    // Slack's clock is not ours: a minute of room.
    oldestTs: (row.intentAtMs / 1000 - 60).toFixed(6),
    eventType: EVENT_TYPE,
    eventKey: "intent",
    eventValue: row.intent,
  });
  const version = row.draft?.version ?? 0;
  return found.ts === undefined
    ? undefined
    : { ts: found.ts, channel: found.channel ?? channel, version };
}

/** A call begun now is over, with all its effects, before the lease is. */
function mayCall(ctx: PublishContext, { lease }: Post): boolean {
  return (lease?.untilMs ?? 0) - ctx.clock.now() >= ACTION_MS;
}

const LONGEST_BACKOFF_SECONDS = 600;

/** Not before a time, and the later the more attempts there were: with the queue's 30, hours in all. */
function later(
  ctx: PublishContext,
  { attempt }: Subject,
  reason: string,
  notBeforeMs = 0,
): QueueOutcome {
  const ceiling = Math.min(LONGEST_BACKOFF_SECONDS, 2 ** attempt);
  const backoffSeconds = Math.max(1, Math.ceil(ceiling * ctx.random.next()));
  const waitSeconds = Math.max(0, Math.ceil((notBeforeMs - ctx.clock.now()) / 1000));
  // A little apart from each other, or all that wait for one lease come back at once.
  const apartSeconds = waitSeconds === 0 ? 0 : Math.floor(ctx.random.next() * 3);
  return retry({ afterSeconds: Math.max(backoffSeconds, waitSeconds + apartSeconds), reason });
}

function tooLate(): Fault {
  return new Fault("unavailable", "delivery-pulse.publish: too late to call Slack in this lease");
}

function broken(what: string): Fault {
  return new Fault("internal", `delivery-pulse.publish: ${what}; report it`);
}
