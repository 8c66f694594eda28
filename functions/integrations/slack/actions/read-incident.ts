import { defineAction } from "#shared/integration";
import * as z from "zod";
import { channel, from, listOf, readPages } from "../client.ts";
import { EVENT_TYPE, Status } from "./open-incident.ts";

const Entry = z.object({ ts: z.string(), status: Status, note: z.string() });

const Message = z.object({
  ts: z.string(),
  metadata: z
    .object({
      event_type: z.literal(EVENT_TYPE),
      event_payload: z.object({ part: z.literal("entry"), status: Status, note: z.string() }),
    })
    .nullish()
    // Somebody else's message, or another app's metadata.
    .catch(undefined),
});

export const readIncident = defineAction({
  summary: "Read an incident's timeline, oldest entry first",
  docs: "https://docs.slack.dev/reference/methods/conversations.history",
  scopes: ["channels:history", "groups:history"],
  effect: "read",
  input: z.object({ channel, from }),
  /** With `next` there are earlier entries. */
  output: listOf(Entry),
  async run(api, { channel: id, ...input }) {
    const query = { channel: id, include_all_metadata: true };
    const read = { query, member: "messages", item: Message, ...input };
    const { items, next } = await readPages(api, "conversations.history", read);
    const entries = items.flatMap(({ ts, metadata }) => {
      if (metadata === null || metadata === undefined) return [];
      const { status, note } = metadata.event_payload;
      return [{ ts, status, note }];
    });
    return { items: entries.toReversed(), next };
  },
});
