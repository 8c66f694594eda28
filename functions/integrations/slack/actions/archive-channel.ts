import * as z from "zod";
import { channel, Done, slackMethod } from "../client.ts";

export const archiveChannel = slackMethod("conversations.archive", {
  summary: "Archive a channel",
  scopes: ["channels:manage", "groups:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "an archived channel stays archived" },
  input: z.object({ channel }),
  output: Done,
  answer: Done,
});
