import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Channel, ChannelAnswer, from, listOf, readPages } from "../client.ts";

export const listChannels = defineAction({
  summary: "List the channels of the workspace",
  docs: "https://docs.slack.dev/reference/methods/conversations.list",
  scopes: ["channels:read", "groups:read"],
  effect: "read",
  input: z.object({
    types: z.array(z.enum(["public_channel", "private_channel"])).default(["public_channel"]),
    excludeArchived: z.boolean().default(true),
    from,
  }),
  output: listOf(Channel),
  run: (api, { types, excludeArchived, ...input }) =>
    readPages(api, "conversations.list", {
      query: { types: types.join(), exclude_archived: excludeArchived },
      member: "channels",
      item: ChannelAnswer,
      ...input,
    }),
});
