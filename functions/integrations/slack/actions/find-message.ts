import { Fault } from "#shared/errors";
import { defineAction, path } from "#shared/integration";
import * as z from "zod";

/** Slack recommends at most 200 per page: https://docs.slack.dev/apis/web-api/pagination */
const PAGE_SIZE = 200;
const MAX_PAGES = 5;

const History = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .nullish()
        .catch(undefined),
    }),
  ),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

export const findMessage = defineAction({
  summary: "Find a message by the metadata it was posted with, to settle whether a post took place",
  docs: "https://docs.slack.dev/reference/methods/conversations.history",
  scopes: ["channels:history", "groups:history"],
  effect: "read",
  input: z.object({
    channel: z.string().min(1),
    /** Only messages from this one on. */
    oldestTs: z.string().optional(),
    eventType: z.string().min(1),
    /** The member of `event_payload` that identifies the message, and its value. */
    eventKey: z.string().min(1),
    eventValue: z.string(),
  }),
  /** Empty when there is no such message. */
  output: z.object({ ts: z.string().optional(), channel: z.string().optional() }),
  async run(api, { channel, oldestTs, eventType, eventKey, eventValue }) {
    let cursor: string | undefined;
    for (let page = 1; page <= MAX_PAGES; page++) {
      const history = await api.request({
        method: "GET",
        path: path`/conversations.history`,
        query: {
          channel,
          oldest: oldestTs,
          inclusive: oldestTs === undefined ? undefined : true,
          include_all_metadata: true,
          limit: PAGE_SIZE,
          cursor,
        },
        response: History,
      });
      const found = history.messages.find(
        ({ metadata }) =>
          metadata?.event_type === eventType &&
          String(metadata.event_payload[eventKey]) === eventValue,
      );
      if (found !== undefined) return { ts: found.ts, channel };
      const next = history.response_metadata?.next_cursor;
      if (history.has_more !== true || !next || next === cursor) return {};
      cursor = next;
    }
    throw tooManyMessages();
  },
});

/** "Not found" would be a guess, and whoever asks would post again. */
function tooManyMessages(): Fault {
  return new Fault(
    "failed_precondition",
    `slack.find-message: more than ${PAGE_SIZE * MAX_PAGES} messages to look through; give a later oldestTs`,
    { origin: "caller" },
  );
}
