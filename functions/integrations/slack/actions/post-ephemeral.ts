import * as z from "zod";
import { content, slackMethod, ts, user } from "../client.ts";

export const postEphemeral = slackMethod("chat.postEphemeral", {
  summary: "Show a message to one person of a channel, until they reload",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: { kind: "none", why: "Slack takes no key, and keeps no such message to look for" },
  input: z.object({ ...content, user, threadTs: ts.optional() }),
  output: z.object({ ts: z.string() }),
  answer: z.object({ message_ts: z.string() }).transform((given) => ({ ts: given.message_ts })),
});
