import * as z from "zod";
import { channel, Done, slackMethod, user } from "../client.ts";

export const inviteUsers = slackMethod("conversations.invite", {
  summary: "Invite people to a channel",
  scopes: ["channels:manage", "groups:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "who is in the channel stays there" },
  /** https://docs.slack.dev/reference/methods/conversations.invite takes up to 100 at once. */
  input: z.object({ channel, users: z.array(user).min(1).max(100).transform(String) }),
  output: Done,
  answer: Done,
});
