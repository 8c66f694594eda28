import { store } from "#shared/state";
import * as z from "zod";

/**
 * The life of one Slack message. The row is written before and after every call to Slack, so that whoever finds it
 * after a crash knows what may have happened. See the guide for why each rule is there.
 */
export const Post = z.object({
  repository: z.string().min(1),
  /** What the message is about: `commit/<sha>`, `digest/<day>`. */
  subject: z.string().min(1),
  /** `posting`: the message may be in Slack or not, under `intent`. */
  status: z.enum(["posting", "posted"]),
  /** Goes into the message's metadata; by it the message is found again. */
  intent: z.string(),
  /** When the intent was made: the message cannot be older. */
  intentAtMs: z.int(),
  /** As configured while posting, as Slack answered it once posted. */
  channel: z.string(),
  /** Slack's id of the message. */
  ts: z.string().optional(),
  /** The version of the content that Slack has shown. */
  shown: z.int(),
  lease: z.object({ owner: z.string(), untilMs: z.int() }).optional(),
});
export type Post = z.infer<typeof Post>;

export const posts = store("pulse-posts", {
  schema: Post,
  partition: "repository",
  sort: "subject",
  ttl: true,
});

/**
 * The longest an action of the Slack integration can have an effect after it was called, with room to spare: its
 * function's own limit, after which the platform stops it.
 */
export const ACTION_MS = 32_000;
/** How long a message belongs to one attempt: a look-up of up to 13 s and then a whole action fit in. */
export const LEASE_MS = 45_000;

/** What a publisher brings: who it is, what it wants to show, and what a new message would need. */
export type Bid = {
  readonly repository: string;
  readonly subject: string;
  /** Of the content to show; greater ones are newer. */
  readonly version: number;
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
  const { repository, subject, version, owner, nowMs, intent, channel } = bid;
  const lease = { owner, untilMs: nowMs + LEASE_MS };
  if (current === undefined) {
    const row = { repository, subject, intent, channel, intentAtMs: nowMs, shown: 0, lease };
    return { step: "post", row: { ...row, status: "posting" } };
  }
  if (current.status === "posted" && current.shown >= version) return { step: "done" };
  if (current.lease !== undefined && current.lease.untilMs > nowMs) {
    return { step: "wait", untilMs: current.lease.untilMs };
  }
  const step = current.status === "posted" ? "update" : "reconcile";
  return { step, row: { ...current, lease } };
}

/** The row after Slack showed a version; `undefined` when the lease went to somebody else meanwhile. */
export function settle(
  current: Post | undefined,
  owner: string,
  shown: { readonly ts: string; readonly channel: string; readonly version: number },
): Post | undefined {
  if (current?.lease?.owner !== owner) return undefined;
  const { lease: _, ...rest } = current;
  const { ts, channel, version } = shown;
  return { ...rest, status: "posted", ts, channel, shown: version };
}

/** The row after Slack refused a call for certain; `undefined` when the lease went to somebody else meanwhile. */
export function giveBack(current: Post | undefined, owner: string): Post | undefined {
  if (current?.lease?.owner !== owner) return undefined;
  const { lease: _, ...rest } = current;
  return rest;
}
