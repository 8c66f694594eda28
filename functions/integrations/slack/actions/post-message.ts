import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { content, Posted } from "../client.ts";

export const postMessage = defineAction({
  summary: "Post a message to a channel or into a thread",
  docs: "https://docs.slack.dev/reference/methods/chat.postMessage",
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
  async run(api, { threadTs, unfurlLinks, ...message }) {
    const posted = await api.request({
      method: "POST",
      path: path`/chat.postMessage`,
      json: { ...message, thread_ts: threadTs, unfurl_links: unfurlLinks },
      response: Posted,
    });
    return posted;
  },
});
