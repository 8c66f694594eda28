import { defineAction, issuedUrl } from "#shared/integration";
import * as z from "zod";
import { Done, said, ts } from "../client.ts";

export const replyInteraction = defineAction({
  summary:
    "Answer a click or a command where it happened: with a message, or by replacing the one that was clicked",
  docs: "https://docs.slack.dev/interactivity/handling-user-interaction#message_responses",
  scopes: [],
  effect: "write",
  idempotency: { kind: "none", why: "the address takes five answers, and each is shown" },
  input: z.object({
    /** From the interaction; good for 30 minutes. */
    responseUrl: z.url({ protocol: /^https$/, hostname: /^hooks\.slack\.com$/ }),
    ...said,
    responseType: z.enum(["ephemeral", "in_channel"]).default("ephemeral"),
    replaceOriginal: z.boolean().optional(),
    threadTs: ts.optional(),
  }),
  output: Done,
  async run(api, { responseUrl, responseType, replaceOriginal, threadTs, ...message }) {
    await api.request({
      method: "POST",
      host: "hooks",
      path: issuedUrl(responseUrl),
      json: {
        ...message,
        response_type: responseType,
        replace_original: replaceOriginal,
        thread_ts: threadTs,
      },
      read: "text",
      response: z.string(),
    });
    return {};
  },
});
