import * as z from "zod";
import { content, Posted, slackMethod } from "../client.ts";

export const updateMessage = slackMethod("chat.update", {
  summary: "Replace the text and blocks of a message the app has posted",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the message is replaced as a whole" },
  input: z.object({ ...content, ts: z.string().min(1) }),
  output: Posted,
  answer: Posted,
});
