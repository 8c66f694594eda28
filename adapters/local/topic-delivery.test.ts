import {
  ack,
  defineFunction,
  type FunctionDefinition,
  type Ports,
  type QueueOutcome,
  retry,
  topicTrigger,
} from "#shared/function";
import { bindFunction, decodeTopicMessage } from "#shared/host";
import { memoryPorts } from "#shared/testing";
import { openTopic, topic } from "#shared/topic";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as z from "zod";
import { Dispatcher } from "./dispatcher.ts";
import { type Engine, openEngine } from "./engine/engine.ts";
import { Fleet } from "./gateway/fleet.ts";
import { LiveFeed } from "./gateway/live.ts";
import { armsOf } from "./gateway/recording-host.conformance.ts";
import type { CloudHost } from "./hosts/host.ts";
import { systemClock, systemRandom } from "./system.ts";

const Order = z.object({ orderId: z.string() });
const orders = topic("orders", { events: { "order.placed": Order, "order.paid": Order } });
const name = "greet-customer";
const subscriptions = [{ topic: "orders", queue: name, types: ["order.placed"] }];
const limits = { timeoutSeconds: 30, memoryMb: 256 };
const targets = ["aws", "azure", "gcp"];
const trigger = "topic" as const;
const consumer = { name, trigger, targets, limits, queue: name, visibilitySeconds: 60 };

let engine: Engine;
let dispatcher: Dispatcher;
const seen: unknown[] = [];

beforeEach(() => {
  engine = openEngine({ path: ":memory:", clock: Date });
  seen.length = 0;
});

afterEach(async () => {
  dispatcher.stop();
  await engine.close();
});

function portsOf(runtime: string): Ports {
  return {
    ...memoryPorts(),
    clock: systemClock,
    random: systemRandom,
    queue: engine.queue(runtime),
    topic: engine.topic(runtime, subscriptions),
  };
}

function subscriber(runtime: string, outcome: () => QueueOutcome): FunctionDefinition {
  return defineFunction({
    name,
    summary: "A function under test",
    trigger: topicTrigger(orders, ["order.placed"]),
    input: Order,
    uses: {},
    async handler({ tenant, event }, input) {
      seen.push({ runtime, tenant, event, input });
      return outcome();
    },
  });
}

const refuse = (): Promise<never> => Promise.reject(new Error("no such trigger"));

/** A host that runs the pipeline in this process. */
function hostOf(runtime: string, outcome: () => QueueOutcome): CloudHost {
  const bound = bindFunction(subscriber(runtime, outcome), portsOf(runtime), runtime);
  return {
    runtime,
    state: "up",
    ready: async () => undefined,
    stop: async () => undefined,
    http: refuse,
    schedule: refuse,
    queue: (_fn, _queue, deliveries) =>
      bound.messages(deliveries, { id: "run", remainingMs: () => 30_000 }),
  };
}

async function dispatch(outcome: () => QueueOutcome): Promise<void> {
  const arms = armsOf(["aws", "azure", "gcp"].map((runtime) => hostOf(runtime, outcome)));
  const fleet = new Fleet(arms, engine, new LiveFeed());
  dispatcher = new Dispatcher(engine, fleet, [consumer], [consumer]);
  await dispatcher.start();
}

async function publish(runtime: string): Promise<void> {
  const scope = {
    tenant: "acme",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    event: "delivery-1",
    signal: new AbortController().signal,
  };
  const client = openTopic(orders, portsOf(runtime), scope);
  await client.publish("order.paid", { orderId: "7" });
  await client.publish("order.placed", { orderId: "7" }, { id: "o-7", subject: "orders/7" });
}

it("brings an event to its subscriber on the publisher's runtime, and lists the run", async () => {
  await dispatch(ack);
  await publish("gcp");
  await vi.waitFor(() =>
    expect(engine.runs({ event: "delivery-1", limit: 9 }).items).toHaveLength(1),
  );
  expect(seen).toEqual([
    {
      runtime: "gcp",
      tenant: "acme",
      event: "delivery-1",
      input: {
        id: "o-7",
        type: "order.placed",
        subject: "orders/7",
        source: "/tenants/acme/topics/orders",
        occurredAtMs: expect.any(Number),
        data: { orderId: "7" },
      },
    },
  ]);
  expect(engine.runs({ event: "delivery-1", limit: 9 }).items).toMatchObject([
    { function: name, trigger: "topic", runtime: "gcp", status: "ok" },
  ]);
  await vi.waitFor(() => expect(engine.depth(name)).toBe(0));
});

it("tries an event again as a message, and puts it aside when its attempts are used up", async () => {
  await dispatch(() => retry({ afterSeconds: 0, reason: "planned" }));
  await publish("azure");
  await vi.waitFor(() => expect(engine.depth(`${name}-dead`)).toBe(1));
  expect(seen).toHaveLength(5);
  expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
  const [dead] = await engine.lease(`${name}-dead`, 1, 60);
  expect(decodeTopicMessage(dead?.body ?? "")).toMatchObject({ id: "o-7", attempt: 5 });
});
