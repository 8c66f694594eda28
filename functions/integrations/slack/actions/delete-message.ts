import * as z from "zod";
import { channel, Posted, slackMethod, ts } from "../client.ts";

export const deleteMessage = slackMethod("chat.delete", {
  summary: "Delete a message the app has posted",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone; a repeat says not_found" },
  input: z.object({ channel, ts }),
  output: Posted,
  answer: Posted,
});
