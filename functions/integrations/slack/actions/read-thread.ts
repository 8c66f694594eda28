import { defineAction } from "#shared/integration";
import * as z from "zod";
import { channel, from, listOf, readPages, ts } from "../client.ts";

const Message = z.object({
  ts: z.string(),
  user: z.string().nullish(),
  text: z.string().nullish(),
});

export const readThread = defineAction({
  summary: "Read a thread: the message that began it and its replies",
  docs: "https://docs.slack.dev/reference/methods/conversations.replies",
  scopes: ["channels:history", "groups:history"],
  effect: "read",
  input: z.object({ channel, ts, from }),
  output: listOf(Message),
  run: (api, { channel: id, ts: began, ...input }) =>
    readPages(api, "conversations.replies", {
      query: { channel: id, ts: began },
      member: "messages",
      item: Message,
      ...input,
    }),
});
