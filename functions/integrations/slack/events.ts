import * as z from "zod";

// https://docs.slack.dev/apis/events-api#event-type-structure; only as wide as our use.

const callback = z.object({
  type: z.literal("event_callback"),
  event_id: z.string(),
  team_id: z.string(),
  event_time: z.int(),
});

/** https://docs.slack.dev/reference/events/message */
const message = z.object({
  channel: z.string(),
  ts: z.string(),
  user: z.string().nullish(),
  text: z.string().nullish(),
  thread_ts: z.string().nullish(),
  subtype: z.string().nullish(),
});

export const events = {
  message: callback.extend({ event: message.extend({ type: z.literal("message") }) }),
  /** https://docs.slack.dev/reference/events/app_mention */
  app_mention: callback.extend({ event: message.extend({ type: z.literal("app_mention") }) }),
  /** https://docs.slack.dev/reference/events/reaction_added */
  reaction_added: callback.extend({
    event: z.object({
      type: z.literal("reaction_added"),
      user: z.string(),
      reaction: z.string(),
      item: z.object({ type: z.string(), channel: z.string().nullish(), ts: z.string().nullish() }),
    }),
  }),
};
