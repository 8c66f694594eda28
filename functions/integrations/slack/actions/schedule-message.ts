import * as z from "zod";
import { content, slackMethod, ts } from "../client.ts";

export const scheduleMessage = slackMethod("chat.scheduleMessage", {
  summary: "Post a message to a channel or into a thread at a later time",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Slack takes no key; a second call schedules a second message",
  },
  /** In seconds, at most 120 days ahead. */
  input: z.object({ ...content, postAt: z.int().positive(), threadTs: ts.optional() }),
  output: z.object({ channel: z.string(), scheduledMessageId: z.string() }),
  answer: z
    .object({ channel: z.string(), scheduled_message_id: z.string() })
    .transform(({ channel, scheduled_message_id: id }) => ({ channel, scheduledMessageId: id })),
});
