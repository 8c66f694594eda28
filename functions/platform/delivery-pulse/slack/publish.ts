import { createHash } from "node:crypto";
import { type Code, Fault, toFault } from "#shared/errors";
import { ack, type Context, deadLetter, type QueueOutcome, retry } from "#shared/function";
import { DEFAULT_CHANNEL, RETENTION_SECONDS, settings } from "../record/delivery.ts";
import { ACTION_MS, type Claim, claim, giveBack, type Post, posts, settle } from "./post.ts";
import { EVENT_TYPE, findMessage, postMessage, updateMessage } from "./actions.ts";
import type { SlackMessage } from "./slack-text.ts";

/** What publishing needs of a function's `uses`. */
export const publishUses = {
  posts: posts.grant("get", "update"),
  settings: settings.grant("get"),
  post: postMessage,
  update: updateMessage,
  find: findMessage,
};

/** What a message is about, and how to get the newest of it; `undefined` when there is nothing to say. */
export type Subject = {
  readonly repository: string;
  readonly subject: string;
  readonly load: () => Promise<
    { readonly version: number; readonly message: SlackMessage } | undefined
  >;
};

type PublishContext = Context<typeof publishUses>;
type Content = { readonly version: number; readonly message: SlackMessage };
type Shown = { readonly ts: string; readonly channel: string };

// One more than the retention of what is shown, so that a post is never forgotten before its delivery.
const POST_TTL_SECONDS = RETENTION_SECONDS + 86_400;
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
    const owner = ctx.random.uuid();
    const taken = await take(ctx, about, content.version, owner);
    if (taken.step === "done") return ack();
    if (taken.step === "wait") return retryAt(ctx, taken.untilMs, "another attempt is at work");
    const outcome = await show(ctx, taken, content, owner);
    if (outcome !== undefined) return outcome;
  }
  return retry({ afterSeconds: 1, reason: "the delivery changes faster than Slack is told" });
}

async function take(
  ctx: PublishContext,
  { repository, subject }: Subject,
  version: number,
  owner: string,
): Promise<Claim> {
  const setting = await ctx.settings.get({ repository });
  const channel = setting?.value.channel ?? DEFAULT_CHANNEL;
  const intent = ctx.random.uuid();
  let decision: Claim = { step: "done" };
  await ctx.posts.update(
    { repository, subject },
    (current) => {
      const nowMs = ctx.clock.now();
      decision = claim(current, { repository, subject, version, owner, nowMs, intent, channel });
      return "row" in decision ? decision.row : undefined;
    },
    { ttlSeconds: POST_TTL_SECONDS },
  );
  return decision;
}

/** One step towards the content, under the lease. Gives an outcome when this attempt must end with it. */
async function show(
  ctx: PublishContext,
  { step, row }: Extract<Claim, { row: Post }>,
  content: Content,
  owner: string,
): Promise<QueueOutcome | undefined> {
  const untilMs = row.lease?.untilMs ?? 0;
  try {
    const shown = await perform(ctx, step, row, content);
    if (shown === undefined) return retryAt(ctx, untilMs, "too late to call Slack in this lease");
    await ctx.posts.update(row, (current) => settle(current, owner, shown), {
      ttlSeconds: POST_TTL_SECONDS,
    });
    return undefined;
  } catch (thrown) {
    const fault = toFault(thrown);
    if (!refusals.has(fault.code)) return retryAt(ctx, untilMs, fault.message);
    await ctx.posts.update(row, (current) => giveBack(current, owner));
    if (!fault.retryable) return deadLetter(fault.message);
    const afterSeconds = Math.max(1, Math.ceil((fault.retryAfterMs ?? 0) / 1000));
    return retry({ afterSeconds, reason: fault.message });
  }
}

/** Faults by which it is certain that nothing happened at Slack and nothing is under way. */
const refusals: ReadonlySet<Code> = new Set([
  "invalid_argument",
  "unauthenticated",
  "permission_denied",
  "not_found",
  "already_exists",
  "failed_precondition",
  "too_large",
  "resource_exhausted",
  "unimplemented",
]);

async function perform(
  ctx: PublishContext,
  step: "post" | "reconcile" | "update",
  row: Post,
  content: Content,
): Promise<(Shown & { readonly version: number }) | undefined> {
  const { version, message } = content;
  if (step === "update") {
    if (!mayCall(ctx, row)) return undefined;
    const { ts, channel } = posted(row);
    await ctx.update({ channel, ts, ...message, blocks: [...message.blocks] });
    return { ts, channel, version };
  }
  if (step === "reconcile") {
    const found = await find(ctx, row);
    // Its text may be older than the content; version 0 has the next round update it.
    if (found !== undefined) return { ...found, version: 0 };
  }
  if (!mayCall(ctx, row)) return undefined;
  const metadata = { event_type: EVENT_TYPE, event_payload: { intent: row.intent } };
  const input = { channel: row.channel, ...message, blocks: [...message.blocks], metadata };
  const { ts, channel } = await ctx.post(input, { idempotencyKey: keyOf(row, message) });
  return { ts, channel, version };
}

/** A call begun now is over, with all its effects, before the lease is. */
function mayCall(ctx: PublishContext, row: Post): boolean {
  return (row.lease?.untilMs ?? 0) - ctx.clock.now() >= ACTION_MS;
}

function posted({ ts, channel }: Post): Shown {
  if (ts !== undefined) return { ts, channel };
  throw new Fault("internal", "delivery-pulse.publish: a posted message has no ts; report it");
}

async function find(ctx: PublishContext, row: Post): Promise<Shown | undefined> {
  // Slack's clock is not ours: a minute of room.
  const oldestTs = (row.intentAtMs / 1000 - 60).toFixed(6);
  const { ts, channel } = await ctx.find({
    channel: row.channel,
    oldestTs,
    eventType: EVENT_TYPE,
    eventKey: "intent",
    eventValue: row.intent,
  });
  return ts === undefined ? undefined : { ts, channel: channel ?? row.channel };
}

/** The same for the same message of the same intent, and only for it: a key stands for one input. */
function keyOf({ intent }: Post, message: SlackMessage): string {
  return createHash("sha256").update(intent).update(JSON.stringify(message)).digest("hex");
}

function retryAt(ctx: PublishContext, untilMs: number, reason: string): QueueOutcome {
  const restSeconds = Math.ceil((untilMs - ctx.clock.now()) / 1000);
  // Apart from each other, or all that wait for one lease come back at once.
  return retry({
    afterSeconds: Math.max(1, restSeconds) + Math.floor(ctx.random.next() * 3),
    reason,
  });
}
