import type { Code } from "#shared/errors";
import type { ErrorOf } from "#shared/integration";
import * as z from "zod";

/** Slack's error names by category; a name that is not here is about the arguments. */
const codes: Readonly<Record<string, Code>> = {
  access_denied: "permission_denied",
  account_inactive: "unauthenticated",
  cant_update_message: "permission_denied",
  channel_not_found: "not_found",
  edit_window_closed: "failed_precondition",
  fatal_error: "unavailable",
  internal_error: "unavailable",
  invalid_auth: "unauthenticated",
  is_archived: "failed_precondition",
  message_limit_exceeded: "resource_exhausted",
  message_not_found: "not_found",
  missing_scope: "permission_denied",
  msg_blocks_too_long: "too_large",
  msg_too_long: "too_large",
  no_permission: "permission_denied",
  not_allowed_token_type: "permission_denied",
  not_authed: "unauthenticated",
  not_in_channel: "permission_denied",
  rate_limited: "resource_exhausted",
  ratelimited: "resource_exhausted",
  request_timeout: "deadline_exceeded",
  restricted_action: "permission_denied",
  service_unavailable: "unavailable",
  token_expired: "unauthenticated",
  token_revoked: "unauthenticated",
  update_failed: "failed_precondition",
  user_not_found: "not_found",
  users_not_found: "not_found",
};

const Failed = z.object({ ok: z.literal(false), error: z.string() });

/** Slack says 200 and `ok: false`: https://docs.slack.dev/apis/web-api#slack-web-api__evaluating-responses */
export const errorOf: ErrorOf = ({ body }) => {
  const failed = Failed.safeParse(body);
  if (!failed.success) return undefined;
  const { error } = failed.data;
  const code = Object.hasOwn(codes, error) ? codes[error] : undefined;
  return { code: code ?? "invalid_argument", reason: error };
};

/** What a message says: text, blocks, or both, of which the text is then the notification's. */
export const content = {
  /** Channel id or, for posting, `#name`. */
  channel: z.string().min(1),
  /** Slack cuts text off after 40,000 characters: https://docs.slack.dev/reference/methods/chat.postMessage */
  text: z.string().min(1).max(40_000),
  /** https://docs.slack.dev/reference/block-kit/blocks, at most 50. */
  blocks: z.array(z.record(z.string(), z.json())).max(50).optional(),
};

/** Where a message is: together the id that Slack updates it by. */
export const Posted = z.object({ channel: z.string(), ts: z.string() });
