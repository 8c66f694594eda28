import { action } from "#shared/integration";
import * as z from "zod";
import { SlackMessage } from "./slack-text.ts";

// The Slack actions as this service uses them; the integration's own schemas are wider.

const Content = SlackMessage.extend({ channel: z.string() });

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const postMessage = action("slack.post-message", {
  input: Content.extend({
    metadata: z.object({
      event_type: z.string(),
      event_payload: z.record(z.string(), z.string()),
    }),
  }),
  output: z.object({ ts: z.string(), channel: z.string() }),
});

/** https://docs.slack.dev/reference/methods/chat.update */
export const updateMessage = action("slack.update-message", {
  input: Content.extend({ ts: z.string() }),
  output: z.object({ ts: z.string() }),
});

/** Finds a message by its metadata (https://docs.slack.dev/reference/methods/conversations.history). */
export const findMessage = action("slack.find-message", {
  input: z.object({
    channel: z.string(),
    oldestTs: z.string(),
    eventType: z.string(),
    eventKey: z.string(),
    eventValue: z.string(),
  }),
  output: z.object({ ts: z.string().optional(), channel: z.string().optional() }),
});

/** Marks our messages (https://docs.slack.dev/messaging/message-metadata). */
export const EVENT_TYPE = "auterity_delivery";
