import { defineIntegration } from "#shared/integration";
import { authTest } from "./actions/auth-test.ts";
import { findMessage } from "./actions/find-message.ts";
import { lookupUser } from "./actions/lookup-user.ts";
import { postMessage } from "./actions/post-message.ts";
import { updateMessage } from "./actions/update-message.ts";
import { errorOf } from "./client.ts";
import { events } from "./events.ts";

export default defineIntegration({
  id: "slack",
  title: "Slack",
  summary: "Post, update and find messages, look up people, receive events of a workspace",
  category: "chat",
  docs: "https://docs.slack.dev/apis/web-api",
  auth: {
    kind: "bearer",
    fields: {
      token: { label: "Bot User OAuth Token", required: true, secret: true },
      "webhook-secret": { label: "Signing Secret", required: false, secret: true },
    },
  },
  http: { baseUrl: "https://slack.com/api", errorOf },
  limits: [
    {
      scope: "chat.postMessage, per channel",
      requests: 1,
      perSeconds: 1,
      docs: "https://docs.slack.dev/apis/web-api/rate-limits",
    },
    {
      scope: "other methods used here, tier 3, per workspace",
      requests: 50,
      perSeconds: 60,
      docs: "https://docs.slack.dev/apis/web-api/rate-limits",
    },
  ],
  health: "auth-test",
  actions: {
    "auth-test": authTest,
    "find-message": findMessage,
    "lookup-user": lookupUser,
    "post-message": postMessage,
    "update-message": updateMessage,
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
    deliveryId: { field: "event_id" },
    type: { field: "event.type" },
    events,
  },
  catalog: {
    does: [
      {
        line: "post, update, schedule, delete messages with blocks and threads",
        actions: ["post-message", "update-message", "find-message"],
      },
      { line: "users lookup, files upload", actions: ["lookup-user"] },
    ],
    on: [{ line: "events API with challenge", events: Object.keys(events) }],
    why: [{ line: "team notifications", how: "`delivery-pulse` keeps one message per commit" }],
    setup: [
      "Create an app at api.slack.com/apps and add the bot scopes that the actions name",
      "Install it to the workspace and copy the Bot User OAuth Token",
      "Copy the Signing Secret from Basic Information and enable Event Subscriptions",
    ],
  },
});
