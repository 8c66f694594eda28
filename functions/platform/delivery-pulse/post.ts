import { store } from "#shared/state";
import * as z from "zod";
import { SlackMessage } from "./slack-text.ts";

/**
 * The life of one Slack message. The row is written before and after every call to Slack, so that whoever finds it
 * after a crash knows what may have happened. The guide says why each rule is there.
 */
export const Post = z.object({
  repository: z.string().min(1),
  /** What the message is about: `commit/<sha>`, `digest/<time>`. */
  subject: z.string().min(1),
  /** `posting`: the message may be in Slack or not. */
  status: z.enum(["posting", "posted"]),
  /** Goes into the message's metadata; by it the message is found again. */
  intent: z.string(),
  /** When the intent was made: the message cannot be older. */
  intentAtMs: z.int(),
  /** What the intent posts, however often it is tried. */
  draft: z.object({ version: z.int(), message: SlackMessage }).optional(),
  /** As configured while posting, as Slack answered it once posted. */
  channel: z.string(),
  /** Slack's id of the message. */
  ts: z.string().optional(),
  /** The version of the content that Slack shows; 0 where that is not known. */
  shown: z.int(),
  /** Counts the calls that ended after their lease: what they left in Slack is not known. */
  late: z.int(),
  lease: z.object({ owner: z.string(), untilMs: z.int() }).optional(),
});
export type Post = z.infer<typeof Post>;

export const posts = store("pulse-posts", {
  schema: Post,
  partition: "repository",
  sort: "subject",
  ttl: true,
  acrossClouds: "home",
});

/**
 * The longest an action of the Slack integration can have an effect after it was called: the 30 s limit of its
 * function, after which the platform stops it, and room for two clocks.
 */
export const ACTION_MS = 32_000;
/** How long a message belongs to one attempt: a look-up of up to 13 s and then a whole action fit in. */
export const LEASE_MS = 45_000;

/** What a publisher brings: who it is, and what it wants to be shown. */
export type Bid = {
  readonly repository: string;
  readonly subject: string;
  /** Of the content; greater ones are newer. */
  readonly version: number;
  readonly message: SlackMessage;
  /** Unique to this bid. */
  readonly owner: string;
  readonly nowMs: number;
  /** For a message that does not exist yet. */
  readonly intent: string;
  readonly channel: string;
};

/** What a publisher may do next. */
export type Claim =
  | { readonly step: "done" }
  | { readonly step: "wait"; readonly untilMs: number }
  | { readonly step: "post" | "reconcile" | "update"; readonly row: Post };

/** Decides on a row as read; the row of a claim is to be written by compare-and-set before anything is done. */
export function claim(current: Post | undefined, bid: Bid): Claim {
  const { repository, subject, version, message, owner, nowMs, intent, channel } = bid;
  const lease = { owner, untilMs: nowMs + LEASE_MS };
  if (current === undefined) {
    const draft = { version, message };
    const fresh = { repository, subject, intent, intentAtMs: nowMs, draft, channel, lease };
    return { step: "post", row: { ...fresh, status: "posting", shown: 0, late: 0 } };
  }
  if (current.status === "posted" && current.shown >= version) return { step: "done" };
  if (current.lease !== undefined && current.lease.untilMs > nowMs) {
    return { step: "wait", untilMs: current.lease.untilMs };
  }
  const step = current.status === "posted" ? "update" : "reconcile";
  return { step, row: { ...current, lease } };
}

/** What a call to Slack left there. */
export type Shown = { readonly ts: string; readonly channel: string; readonly version: number };

/**
 * The row after a call under the claim `mine`; without `shown` its outcome is not known. `undefined` leaves the row as
 * it is: the lease then runs out by itself, and with it the time in which the call could still have an effect.
 */
export function settle(current: Post | undefined, mine: Post, shown?: Shown): Post | undefined {
  if (current === undefined) return undefined;
  if (current.lease?.owner !== mine.lease?.owner) {
    // Too late. It may have put an older text over a newer one, whose author believes it is shown.
    return { ...current, shown: 0, late: current.late + 1 };
  }
  if (shown === undefined) return undefined;
  const { lease: _lease, draft: _draft, ...rest } = current;
  const { ts, channel, version } = shown;
  const isSure = current.late === mine.late;
  return { ...rest, status: "posted", ts, channel, shown: isSure ? version : 0 };
}

/** The row after Slack refused a call for certain; `undefined` when the lease went to somebody else meanwhile. */
export function giveBack(current: Post | undefined, mine: Post): Post | undefined {
  if (current?.lease?.owner !== mine.lease?.owner || current === undefined) return undefined;
  const { lease: _lease, ...rest } = current;
  return rest;
}
