import { defineIntegration } from "#shared/integration";
import { archiveChannel } from "./actions/archive-channel.ts";
import { authTest } from "./actions/auth-test.ts";
import { cancelMessage } from "./actions/cancel-message.ts";
import { createChannel } from "./actions/create-channel.ts";
import { deleteMessage } from "./actions/delete-message.ts";
import { findMessage } from "./actions/find-message.ts";
import { inviteUsers } from "./actions/invite-users.ts";
import { listChannels } from "./actions/list-channels.ts";
import { listUsers } from "./actions/list-users.ts";
import { lookupUser } from "./actions/lookup-user.ts";
import { openIncident } from "./actions/open-incident.ts";
import { openModal } from "./actions/open-modal.ts";
import { postEphemeral } from "./actions/post-ephemeral.ts";
import { postMessage } from "./actions/post-message.ts";
import { postWebhook } from "./actions/post-webhook.ts";
import { publishHome } from "./actions/publish-home.ts";
import { pushModal } from "./actions/push-modal.ts";
import { readIncident } from "./actions/read-incident.ts";
import { readThread } from "./actions/read-thread.ts";
import { replyInteraction } from "./actions/reply-interaction.ts";
import { scheduleMessage } from "./actions/schedule-message.ts";
import { setTopic } from "./actions/set-topic.ts";
import { updateIncident } from "./actions/update-incident.ts";
import { updateMessage } from "./actions/update-message.ts";
import { updateModal } from "./actions/update-modal.ts";
import { uploadFile } from "./actions/upload-file.ts";
import { errorOf } from "./client.ts";
import { callbacks, commands, interactions, otherEvents } from "./events.ts";

const signingSecret = { label: "Signing Secret", required: false, secret: true } as const;
/** Of all actions; an app that uses fewer is asked for by a link of its own. */
const scopes = [
  "channels:history",
  "channels:manage",
  "channels:read",
  "chat:write",
  "commands",
  "files:write",
  "groups:history",
  "groups:read",
  "groups:write",
  "pins:write",
  "users:read",
  "users:read.email",
];
const rateLimits = "https://docs.slack.dev/apis/web-api/rate-limits";

export default defineIntegration({
  id: "slack",
  title: "Slack",
  summary:
    "Messages, channels, files, modals and incidents of a workspace, and what its people do there",
  category: "chat",
  docs: "https://docs.slack.dev/apis/web-api",
  auth: [
    {
      kind: "bearer",
      title: "Bot token",
      fields: {
        token: { label: "Bot User OAuth Token", required: true, secret: true },
        "webhook-secret": signingSecret,
      },
    },
    {
      // https://docs.slack.dev/authentication/installing-with-oauth; the tokens end, and rotate, if the app asks for it:
      // https://docs.slack.dev/authentication/using-token-rotation
      kind: "oauth2",
      title: "Add to Slack",
      fields: {
        "client-id": { label: "Client ID", required: true, secret: true },
        "client-secret": { label: "Client Secret", required: true, secret: true },
        "webhook-secret": signingSecret,
      },
      authorizeUrl: "https://slack.com/oauth/v2/authorize",
      tokenUrl: "https://slack.com/api/oauth.v2.access",
      clientAuth: "basic",
      scopes,
      scopeSeparator: ",",
      pkce: false,
      refresh: "rotating",
    },
  ],
  http: {
    baseUrl: "https://slack.com/api",
    hosts: {
      /** Incoming webhooks and answers to interactions: the address is the permission. */
      hooks: { baseUrl: "https://hooks.slack.com", auth: "none" },
      files: { baseUrl: "https://files.slack.com/upload", auth: "none" },
    },
    errorOf,
  },
  limits: [
    { scope: "messages, per channel", requests: 1, perSeconds: 1, docs: rateLimits },
    {
      scope: "tier 2 methods, each per workspace",
      requests: 20,
      perSeconds: 60,
      docs: rateLimits,
    },
    {
      scope: "tier 3 methods, each per workspace",
      requests: 50,
      perSeconds: 60,
      docs: rateLimits,
    },
    {
      scope: "tier 4 methods, each per workspace",
      requests: 100,
      perSeconds: 60,
      docs: rateLimits,
    },
  ],
  health: "auth-test",
  actions: {
    "archive-channel": archiveChannel,
    "auth-test": authTest,
    "cancel-message": cancelMessage,
    "create-channel": createChannel,
    "delete-message": deleteMessage,
    "find-message": findMessage,
    "invite-users": inviteUsers,
    "list-channels": listChannels,
    "list-users": listUsers,
    "lookup-user": lookupUser,
    "open-incident": openIncident,
    "open-modal": openModal,
    "post-ephemeral": postEphemeral,
    "post-message": postMessage,
    "post-webhook": postWebhook,
    "publish-home": publishHome,
    "push-modal": pushModal,
    "read-incident": readIncident,
    "read-thread": readThread,
    "reply-interaction": replyInteraction,
    "schedule-message": scheduleMessage,
    "set-topic": setTopic,
    "update-incident": updateIncident,
    "update-message": updateMessage,
    "update-modal": updateModal,
    "upload-file": uploadFile,
  },
  webhooks: {
    docs: "https://docs.slack.dev/apis/events-api",
    // https://docs.slack.dev/authentication/verifying-requests-from-slack
    verify: {
      kind: "hmac",
      algorithm: "sha256",
      encoding: "hex",
      header: "x-slack-signature",
      prefix: "v0=",
      timestamp: { header: "x-slack-request-timestamp", unit: "seconds", toleranceSeconds: 300 },
      content: ["v0:", { part: "timestamp" }, ":", { part: "body" }],
    },
    secretField: "webhook-secret",
    handshakes: [
      // https://docs.slack.dev/reference/events/url_verification
      {
        kind: "echo",
        when: { field: "type", equals: "url_verification" },
        from: { field: "challenge" },
        as: { field: "challenge" },
      },
      // Tells that events were dropped and carries no id: https://docs.slack.dev/reference/events/app_rate_limited
      { kind: "ping", when: { field: "type", equals: "app_rate_limited" }, status: 200 },
    ],
    // Slash commands are forms, interactions forms with JSON; both want 200 within three seconds, and no words of ours.
    form: { json: "payload" },
    ack: { status: 200 },
    // A modal that is closed has no id, and may be closed once.
    deliveryId: [{ field: "event_id" }, { field: "trigger_id" }, { digest: "sha256" }],
    type: [
      { field: "event.type" },
      { field: "type" },
      { always: "slash_command", when: { field: "command" } },
    ],
    events: { ...callbacks, ...commands, ...interactions },
    otherEvents,
  },
  catalog: {
    does: [
      {
        line: "post, update, schedule, delete messages with blocks and threads",
        actions: [
          "post-message",
          "post-ephemeral",
          "update-message",
          "schedule-message",
          "cancel-message",
          "delete-message",
          "find-message",
          "read-thread",
        ],
      },
      {
        line: "channels: list, create, archive, invite, topic",
        actions: [
          "list-channels",
          "create-channel",
          "archive-channel",
          "invite-users",
          "set-topic",
        ],
      },
      {
        line: "users lookup, files upload",
        actions: ["lookup-user", "list-users", "upload-file"],
      },
      {
        line: "modals and interactive replies",
        actions: ["open-modal", "push-modal", "update-modal", "publish-home", "reply-interaction"],
      },
      { line: "incoming webhooks", actions: ["post-webhook"] },
      {
        line: "incident channel with roles and timeline",
        actions: ["open-incident", "update-incident", "read-incident"],
      },
    ],
    on: [
      { line: "events API with challenge", events: Object.keys(callbacks) },
      { line: "slash commands", events: Object.keys(commands) },
      { line: "interactivity", events: Object.keys(interactions) },
    ],
    why: [
      { line: "team notifications", how: "`delivery-pulse` keeps one message per commit" },
      { line: "incident response", how: "`open-incident`, `update-incident` and `read-incident`" },
      {
        line: "bots",
        how: "`app_mention`, slash commands and interactions start functions, which answer with the actions",
      },
    ],
    setup: [
      "Create an app at api.slack.com/apps and add the bot scopes that the actions name",
      "Install it to the workspace and copy the Bot User OAuth Token; or enter client id and secret and add it to Slack",
      "Copy the Signing Secret from Basic Information",
      "Enable Event Subscriptions, Interactivity and slash commands, all with the address of the connection's webhooks",
    ],
  },
});
