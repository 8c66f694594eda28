import * as z from "zod";
import { content, Posted, slackMethod } from "../client.ts";

export const postMessage = slackMethod("chat.postMessage", {
  summary: "Post a message to a channel or into a thread",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Slack takes no key; give the message metadata and look for it with find-message before posting again",
  },
  input: z.object({
    ...content,
    threadTs: z.string().optional(),
    /** https://docs.slack.dev/messaging/message-metadata */
    metadata: z
      .object({
        event_type: z.string().min(1),
        event_payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      })
      .optional(),
    unfurlLinks: z.boolean().optional(),
  }),
  output: Posted,
  answer: Posted,
});
