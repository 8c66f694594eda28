import { defineAction, issuedUrl } from "#shared/integration";
import * as z from "zod";
import { Done, said, ts } from "../client.ts";

export const postWebhook = defineAction({
  summary:
    "Post a message by an incoming webhook, whose address names the channel and is the permission",
  docs: "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
  scopes: ["incoming-webhook"],
  effect: "write",
  idempotency: { kind: "none", why: "Slack takes no key, and does not tell which message it made" },
  input: z.object({
    url: z.url({ protocol: /^https$/, hostname: /^hooks\.slack\.com$/ }),
    ...said,
    threadTs: ts.optional(),
  }),
  output: Done,
  async run(api, { url, threadTs, ...message }) {
    await api.request({
      method: "POST",
      host: "hooks",
      path: issuedUrl(url),
      json: { ...message, thread_ts: threadTs },
      read: "text",
      response: z.literal("ok"),
    });
    return {};
  },
});
