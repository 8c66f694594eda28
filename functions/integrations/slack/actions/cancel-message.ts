import * as z from "zod";
import { channel, Done, slackMethod } from "../client.ts";

export const cancelMessage = slackMethod("chat.deleteScheduledMessage", {
  summary: "Take back a scheduled message that was not posted yet",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "it is taken back once; a repeat says not_found" },
  input: z.object({ channel, scheduledMessageId: z.string().min(1) }),
  output: Done,
  answer: Done,
});
