import { bucket } from "#shared/blob";
import {
  ack,
  cron,
  defineFunction,
  type FunctionDefinition,
  httpTrigger,
  queueTrigger,
  scheduleTrigger,
  topicTrigger,
} from "#shared/function";
import { action } from "#shared/integration";
import { queue } from "#shared/queue";
import { secret } from "#shared/secrets";
import { store } from "#shared/state";
import { topic } from "#shared/topic";
import * as z from "zod";

const Order = z.object({ shop: z.string(), id: z.string() });
const orders = store("orders", { schema: Order, partition: "shop", sort: "id", ttl: true });
const jobs = queue("jobs", { schema: Order, maxAttempts: 7, visibilitySeconds: 40 });
const outbox = queue("outbox", { schema: Order });
const placed = topic("placed", { events: { "order.placed": Order, "order.gone": Order } });
const files = bucket("files", { ttlDays: 30 });
const reports = bucket("reports");
const signingKey = secret("signing/key");

/**
 * A function of every trigger and a grant of every kind: what a project may need of a cloud, whether this one does or
 * not. All that can be rendered is checked on it.
 */
export const specimen = {
  worker: defineFunction({
    name: "order-worker",
    summary: "Works on orders",
    trigger: queueTrigger(jobs),
    input: Order,
    uses: {
      read: orders.grant("get", "list"),
      write: orders.grant("put", "delete"),
      outbox: outbox.grant("send"),
      placed: placed.grant("publish"),
      files: files.grant("get", "put", "sign"),
      key: signingKey.grant("read"),
      tell: action("box.tell", { input: Order, output: z.object({}) }),
    },
    handler: async () => ack(),
  }),
  subscriber: defineFunction({
    name: "order-mailer",
    summary: "Tells of orders",
    trigger: topicTrigger(placed, ["order.placed"]),
    input: Order,
    uses: { reports: reports.grant("list") },
    limits: { timeoutSeconds: 20 },
    handler: async () => ack(),
  }),
  clock: defineFunction({
    name: "order-sweeper",
    summary: "Sweeps orders",
    trigger: scheduleTrigger(cron("*/5 * * * *")),
    input: z.object({}),
    uses: { orders: orders.grant("list", "transact") },
    handler: async () => undefined,
  }),
  page: defineFunction({
    name: "order-page",
    summary: "Shows orders",
    trigger: httpTrigger("GET", "/v1/orders/:id", { auth: "public" }),
    input: z.object({ id: z.string() }),
    uses: { orders: orders.grant("get", "create", "update") },
    handler: async () => ({}),
  }),
  box: defineFunction({
    name: "integration-box",
    summary: "Talks to Box",
    trigger: httpTrigger("POST", "/v1/integrations/box/actions/:action"),
    input: Order,
    uses: {},
    handler: async () => ({}),
  }),
  api: defineFunction({
    name: "order-api",
    summary: "Takes orders",
    trigger: httpTrigger("POST", "/v1/orders"),
    input: Order,
    uses: { jobs: jobs.grant("send") },
    handler: async () => ({}),
  }),
} satisfies Record<string, FunctionDefinition>;
