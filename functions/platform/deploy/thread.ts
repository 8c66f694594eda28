import { action } from "#shared/integration";
import { store } from "#shared/state";
import * as z from "zod";
import type { Deployment } from "./deployment.ts";

/** The Slack thread of a deployment, apart from its row: Slack holds no deployment up. */
export const threads = store("deploy-threads", {
  schema: z.object({
    repository: z.string().min(1),
    id: z.string().min(1),
    /** Slack's id of the message that begins the thread. */
    ts: z.string().optional(),
    /** How many notices are in the thread, and how many posts were begun. */
    told: z.int(),
    begun: z.int(),
    /** The sequence that the first message shows. */
    shown: z.int(),
    lease: z.object({ owner: z.string(), untilMs: z.int() }).optional(),
  }),
  partition: "repository",
  sort: "id",
  ttl: true,
  acrossClouds: "home",
});
export type Thread = z.infer<(typeof threads)["schema"]>;

const text = z.object({ channel: z.string(), text: z.string() });

export const slackActions = {
  post: action("slack.post-message", {
    input: text.extend({
      threadTs: z.string().optional(),
      metadata: z.object({
        event_type: z.string(),
        event_payload: z.record(z.string(), z.string()),
      }),
    }),
    output: z.object({ ts: z.string() }),
  }),
  update: action("slack.update-message", {
    input: text.extend({ ts: z.string() }),
    output: z.object({ ts: z.string() }),
  }),
  find: action("slack.find-message", {
    input: z.object({
      channel: z.string(),
      oldestTs: z.string(),
      eventType: z.string(),
      eventKey: z.string(),
      eventValue: z.string(),
    }),
    output: z.object({ ts: z.string().optional() }),
  }),
  replies: action("slack.read-thread", {
    input: z.object({ channel: z.string(), ts: z.string() }),
    output: z.object({ items: z.array(z.object({ ts: z.string(), text: z.string().nullish() })) }),
  }),
};

/** Marks our messages (https://docs.slack.dev/messaging/message-metadata). */
export const EVENT_TYPE = "auterity_deploy";

/** The first message: how the deployment stands now. */
export function headOf({ repository, tag, step, reachedPercent }: Deployment): string {
  const now = step.kind === "over" ? step.ending : step.kind;
  const sign = step.kind === "over" ? signs[step.ending] : reactionTo(step.kind);
  return `${sign} *${plain(repository)}* ${plain(tag)}: ${now}, ${reachedPercent} % asked for`;
}

/** A reply. Its number, which no other reply of the thread has, shows whether it is there. */
export function replyOf(notices: readonly string[], index: number): string {
  return `${numberOf(index)}${plain(notices[index] ?? "")}`;
}

export function numberOf(index: number): string {
  return `${index + 1}. `;
}

const signs = {
  succeeded: ":white_check_mark:",
  failed: ":x:",
  "rolled-back": ":rewind:",
  stuck: ":rotating_light:",
} as const;

function reactionTo(kind: Deployment["step"]["kind"]): string {
  return kind === "rollback" ? ":rotating_light:" : ":hourglass_flowing_sand:";
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function plain(given: string): string {
  return given.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
