import * as z from "zod";

// Only as wide as our use. Optional members are nullish: Slack leaves some out and sends others as null.

/** https://docs.slack.dev/apis/events-api#event-type-structure */
const callback = z.object({
  type: z.string(),
  event_id: z.string(),
  team_id: z.string().nullish(),
  event_time: z.int(),
});

function event<const Name extends string, Shape extends z.ZodRawShape>(type: Name, shape: Shape) {
  return callback.extend({ event: z.object({ type: z.literal(type), ...shape }) });
}

const text = z.string().nullish();
const named = z.object({ id: z.string(), name: text });
const item = z.object({ type: z.string(), channel: text, ts: text });

/** https://docs.slack.dev/reference/events/message; deletions carry the time of what is gone. */
const message = {
  channel: z.string(),
  ts: text,
  user: text,
  text,
  thread_ts: text,
  subtype: text,
  deleted_ts: text,
};

/** Who did it, and by what a reply or a modal may follow; https://docs.slack.dev/interactivity/handling-user-interaction */
const interaction = {
  user: z.object({ id: z.string(), team_id: text }),
  team: z.object({ id: z.string() }).nullish(),
  trigger_id: text,
};

const view = z.object({
  id: z.string(),
  callback_id: text,
  private_metadata: text,
  hash: text,
  state: z.object({ values: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/** What happens in the workspace: the Events API. */
export const callbacks = {
  message: event("message", message),
  app_mention: event("app_mention", message),
  /** https://docs.slack.dev/reference/events/reaction_added */
  reaction_added: event("reaction_added", { user: z.string(), reaction: z.string(), item }),
  reaction_removed: event("reaction_removed", { user: z.string(), reaction: z.string(), item }),
  channel_created: event("channel_created", { channel: named }),
  channel_archive: event("channel_archive", { channel: z.string(), user: text }),
  member_joined_channel: event("member_joined_channel", { user: z.string(), channel: z.string() }),
  app_home_opened: event("app_home_opened", { user: z.string(), tab: text }),
  team_join: event("team_join", { user: named }),
  file_shared: event("file_shared", { file_id: z.string(), channel_id: text }),
};

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
export const commands = {
  slash_command: z.object({
    command: z.string(),
    text: z.string(),
    user_id: z.string(),
    channel_id: z.string(),
    team_id: z.string(),
    response_url: z.string(),
    trigger_id: z.string(),
  }),
};

/** What people do with messages, modals and shortcuts of the app. */
export const interactions = {
  /** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
  block_actions: z.object({
    type: z.literal("block_actions"),
    ...interaction,
    channel: named.nullish(),
    message: z.object({ ts: text, thread_ts: text }).nullish(),
    view: view.nullish(),
    response_url: text,
    actions: z.array(
      z.object({ action_id: z.string(), block_id: text, type: z.string(), value: text }),
    ),
  }),
  /** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
  view_submission: z.object({ type: z.literal("view_submission"), ...interaction, view }),
  view_closed: z.object({ type: z.literal("view_closed"), ...interaction, view }),
  /** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
  message_action: z.object({
    type: z.literal("message_action"),
    ...interaction,
    callback_id: z.string(),
    channel: named,
    message: z.object({ ts: text, text }),
    response_url: text,
  }),
  shortcut: z.object({ type: z.literal("shortcut"), ...interaction, callback_id: z.string() }),
};

/** Every other event of the Events API, and every other interaction. */
export const otherEvents = z.union([
  callback.extend({ event: z.looseObject({ type: z.string() }) }),
  z.looseObject({ type: z.string(), user: z.looseObject({ id: z.string() }) }),
]);
