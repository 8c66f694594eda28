import { defineIntegration } from "#shared/integration";
import { createItem } from "./actions/create-item.ts";
import { getAccount } from "./actions/get-account.ts";
import { errorOf } from "./client.ts";
import { events } from "./events.ts";

export default defineIntegration({
  id: "template",
  title: "Template",
  summary: "Items of a Template account: read, create, and be told when they change",
  category: "work",
  docs: "https://docs.template.example/api",
  auth: {
    kind: "bearer",
    fields: {
      token: { label: "API token", required: true, secret: true },
      "webhook-secret": { label: "Webhook signing secret", required: false, secret: true },
    },
  },
  http: { baseUrl: "https://api.template.example/v1", timeoutSeconds: 10, errorOf },
  limits: [
    {
      scope: "token",
      requests: 100,
      perSeconds: 60,
      docs: "https://docs.template.example/api/limits",
    },
  ],
  health: "get-account",
  actions: { "create-item": createItem, "get-account": getAccount },
  webhooks: {
    docs: "https://docs.template.example/webhooks",
    verify: {
      kind: "hmac",
      algorithm: "sha256",
      encoding: "hex",
      header: "x-template-signature",
      prefix: "v1=",
      timestamp: { header: "x-template-timestamp", unit: "seconds", toleranceSeconds: 300 },
      content: [{ part: "timestamp" }, ".", { part: "body" }],
    },
    secretField: "webhook-secret",
    deliveryId: { header: "x-template-delivery" },
    type: { field: "type" },
    events,
  },
  catalog: {
    does: [{ line: "read and create items", actions: ["create-item"] }],
    on: [{ line: "changes of items", events: ["item.created", "item.updated"] }],
    why: [{ line: "a list of work", how: "`create-item` from any function, once per key" }],
    setup: [
      "Create an API token under Settings, API",
      "Create a webhook for the address of this connection and copy its signing secret",
    ],
  },
});
