import * as z from "zod";
import { channel, Done, slackMethod } from "../client.ts";

export const setTopic = slackMethod("conversations.setTopic", {
  summary: "Set the topic of a channel",
  scopes: ["channels:manage", "groups:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the topic is replaced as a whole" },
  input: z.object({ channel, topic: z.string().max(250) }),
  output: Done,
  answer: Done,
});
