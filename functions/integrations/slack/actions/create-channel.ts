import * as z from "zod";
import { Channel, ChannelAnswer, slackMethod } from "../client.ts";

export const createChannel = slackMethod("conversations.create", {
  summary: "Create a public or private channel",
  scopes: ["channels:manage", "groups:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "names are unique; a repeat says already_exists" },
  /** Lower case without blanks: https://docs.slack.dev/reference/methods/conversations.create#naming */
  input: z.object({
    name: z.string().regex(/^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u),
    isPrivate: z.boolean().optional(),
  }),
  output: Channel,
  answer: z.object({ channel: ChannelAnswer }).transform((given) => given.channel),
});
