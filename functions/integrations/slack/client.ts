import type { Code } from "#shared/errors";
import {
  type Action,
  type ActionSpec,
  type Api,
  defineAction,
  type ErrorOf,
  list,
  path,
} from "#shared/integration";
import * as z from "zod";

/** Slack's error names by category; a name that is not here is about the arguments. */
const codes: Readonly<Record<string, Code>> = {
  access_denied: "permission_denied",
  account_inactive: "unauthenticated",
  cannot_create_channel: "permission_denied",
  cant_delete_message: "permission_denied",
  cant_invite: "permission_denied",
  cant_update_message: "permission_denied",
  channel_not_found: "not_found",
  duplicate_external_id: "already_exists",
  edit_window_closed: "failed_precondition",
  exchanged_trigger_id: "failed_precondition",
  expired_trigger_id: "failed_precondition",
  expired_url: "failed_precondition",
  fatal_error: "unavailable",
  file_not_found: "not_found",
  file_upload_size_restricted: "too_large",
  file_uploads_disabled: "permission_denied",
  hash_conflict: "aborted",
  internal_error: "unavailable",
  invalid_auth: "unauthenticated",
  invalid_scheduled_message_id: "not_found",
  is_archived: "failed_precondition",
  message_limit_exceeded: "resource_exhausted",
  message_not_found: "not_found",
  metadata_too_large: "too_large",
  missing_scope: "permission_denied",
  msg_blocks_too_long: "too_large",
  msg_too_long: "too_large",
  name_taken: "already_exists",
  no_permission: "permission_denied",
  not_allowed_token_type: "permission_denied",
  not_authed: "unauthenticated",
  not_found: "not_found",
  not_in_channel: "permission_denied",
  posting_to_channel_denied: "permission_denied",
  push_limit_reached: "failed_precondition",
  rate_limited: "resource_exhausted",
  ratelimited: "resource_exhausted",
  request_timeout: "deadline_exceeded",
  restricted_action: "permission_denied",
  restricted_too_many: "resource_exhausted",
  service_unavailable: "unavailable",
  storage_limit_reached: "resource_exhausted",
  thread_not_found: "not_found",
  token_expired: "unauthenticated",
  token_revoked: "unauthenticated",
  too_many_pins: "failed_precondition",
  update_failed: "failed_precondition",
  used_url: "failed_precondition",
  user_is_restricted: "permission_denied",
  user_not_found: "not_found",
  user_not_in_channel: "failed_precondition",
  users_not_found: "not_found",
  view_too_large: "too_large",
};

/** A repeat finds done what the first time did. */
const done = new Set(["already_archived", "already_in_channel", "already_pinned"]);

const Failed = z.object({ ok: z.literal(false), error: z.string() });

/** Slack says 200 and `ok: false`: https://docs.slack.dev/apis/web-api#slack-web-api__evaluating-responses */
export const errorOf: ErrorOf = ({ body }) => {
  const failed = Failed.safeParse(body);
  if (!failed.success || done.has(failed.data.error)) return undefined;
  const { error } = failed.data;
  const code = Object.hasOwn(codes, error) ? codes[error] : undefined;
  return { code: code ?? "invalid_argument", reason: error };
};

type WithoutCall<Spec> = Spec extends unknown ? Omit<Spec, "docs" | "run"> : never;

/**
 * An action that is one method of Slack's: its input goes out under Slack's spelling of its names, and `answer` makes the
 * output of what comes back.
 */
export function slackMethod<I extends z.ZodObject, O extends z.ZodType>(
  name: string,
  spec: WithoutCall<ActionSpec<I, O>> & { readonly answer: z.ZodType<z.input<O>> },
): Action {
  const { answer, ...described } = spec;
  return defineAction<I, O>({
    ...described,
    docs: `https://docs.slack.dev/reference/methods/${name}`,
    run: (api, input) => ask(api, name, input, answer, described.effect),
  });
}

/** Calls a method of Slack's: reads by query, writes by JSON. `undefined` arguments are left out. */
export function ask<O extends z.ZodType>(
  api: Api,
  name: string,
  args: Readonly<Record<string, unknown>>,
  response: O,
  effect: "read" | "write" = "write",
): Promise<z.output<O>> {
  const spelled = Object.entries(args).map(
    ([key, value]) =>
      [key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const,
  );
  const target = { path: path`/${name}`, response } as const;
  return effect === "write"
    ? api.request({ ...target, method: "POST", json: Object.fromEntries(spelled) })
    : api.request({ ...target, method: "GET", query: Query.parse(Object.fromEntries(spelled)) });
}

const Query = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).optional());

/** https://docs.slack.dev/reference/block-kit/blocks */
const blocks = z.array(z.record(z.string(), z.json())).max(50);

/** What a message says: text, blocks, or both, of which the text is then the notification's. */
export const said = {
  /** Slack cuts text off after 40,000 characters: https://docs.slack.dev/reference/methods/chat.postMessage */
  text: z.string().min(1).max(40_000),
  blocks: blocks.optional(),
};

/** A message and where it goes. */
export const content = {
  /** Channel id or, for posting, `#name`. */
  channel: z.string().min(1),
  ...said,
};

/** A channel's id; names work for posting only. */
export const channel = z.string().regex(/^[CDG][A-Z0-9]{2,}$/);
export const user = z.string().regex(/^[UW][A-Z0-9]{2,}$/);
/** A message's time, which is its id within the channel. */
export const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

/** Where a message is: together the id that Slack updates it by. */
export const Posted = z.object({ channel: z.string(), ts: z.string() });

/** For methods that answer with nothing but that it is done. */
export const Done = z.object({});

/** https://docs.slack.dev/reference/objects/conversation-object */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  isPrivate: z.boolean(),
  isArchived: z.boolean(),
  topic: z.string(),
});

export const ChannelAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    is_private: z.boolean().nullish(),
    is_archived: z.boolean().nullish(),
    topic: z.object({ value: z.string() }).nullish(),
  })
  .transform((given) => ({
    id: given.id,
    name: given.name,
    isPrivate: given.is_private ?? false,
    isArchived: given.is_archived ?? false,
    topic: given.topic?.value ?? "",
  }));

/** https://docs.slack.dev/reference/objects/user-object */
export const User = z.object({
  id: z.string(),
  name: z.string(),
  realName: z.string().nullable(),
  timeZone: z.string().nullable(),
});

export const UserAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    real_name: z.string().nullish(),
    tz: z.string().nullish(),
  })
  .transform(({ id, name, real_name: realName, tz }) => ({
    id,
    name,
    realName: realName ?? null,
    timeZone: tz ?? null,
  }));

/** A modal or a home tab: https://docs.slack.dev/reference/views */
export const view = z.looseObject({
  type: z.enum(["modal", "home"]),
  blocks: z.array(z.record(z.string(), z.json())).max(100),
  /** Comes back with every interaction. */
  callback_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3_000).optional(),
});

export const View = z.object({ id: z.string(), hash: z.string() });
export const ViewAnswer = z.object({ view: View }).transform((given) => given.view);
/** From an interaction or a slash command; good for three seconds and once. */
export const triggerId = z.string().min(1);

/** For {@link readPages}: where to go on, as the answer before told. */
export const from = z.string().optional();

/** What a list gives: items, and where the rest begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Reads up to a thousand items, or ten pages: https://docs.slack.dev/apis/web-api/pagination */
export async function readPages<T extends z.ZodType>(
  api: Api,
  name: string,
  read: {
    readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
    /** The member of the answer that holds the items. */
    readonly member: string;
    readonly item: T;
    readonly from?: string | undefined;
  },
): Promise<{ items: z.output<T>[]; next: string | null }> {
  const { items, next } = await list(
    api,
    {
      method: "GET",
      path: path`/${name}`,
      query: { ...read.query, limit: 200 },
      response: z
        .looseObject({
          response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
        })
        .transform((page, context) => {
          const found = z.array(read.item).safeParse(page[read.member]);
          if (found.success)
            return { next: page.response_metadata?.next_cursor, items: found.data };
          context.addIssue({ code: "custom", message: "is no list of items", path: [read.member] });
          return z.NEVER;
        }),
    },
    {
      kind: "cursor",
      param: "cursor",
      items: (page) => page.items,
      next: (page) => page.next,
    },
    { from: read.from, enough: 1_000 },
  );
  return { items: [...items], next };
}
