import { memoryPorts } from "#shared/testing";
import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import { topic, type TopicRef } from "./topic.ts";

const Placed = z.object({ at: z.string().transform((text) => new Date(text)) });
const orders = topic("orders", {
  events: { "order.placed": Placed, "order.paid": z.object({ cents: z.int() }) },
});
const scope = {
  tenant: "a/b",
  traceparent: "",
  event: undefined,
  signal: new AbortController().signal,
};

it("is typed by what a publisher may say, and fits where any topic does", () => {
  const { publish } = orders.grant("publish").connect(memoryPorts(), scope);
  expectTypeOf(publish<"order.placed">)
    .parameter(1)
    .toEqualTypeOf<z.input<typeof Placed> | readonly z.input<typeof Placed>[]>();
  expectTypeOf(publish).parameter(0).toEqualTypeOf<"order.placed" | "order.paid">();
  const any: TopicRef = orders;
  expect(any).toMatchObject({ kind: "topic", name: "orders" });
});

it("gives a client that can publish and do nothing else", async () => {
  const ports = memoryPorts();
  const client = orders.grant("publish").connect(ports, scope);
  expect(Object.keys(client)).toEqual(["publish"]);
  await client.publish("order.placed", { at: "2026-01-01T00:00:00Z" });
  const [event] = ports.topic.take("orders");
  expect(event).toMatchObject({
    type: "order.placed",
    source: "/tenants/a%2Fb/topics/orders",
    auteritytenant: "a/b",
    data: { at: "2026-01-01T00:00:00Z" },
  });
  expect(event).not.toHaveProperty("traceparent");
  expect(event).not.toHaveProperty("auterityevent");
});

it("tells subscribers through their queues", async () => {
  const ports = memoryPorts({
    subscriptions: [{ topic: "orders", queue: "to-crm", types: ["order.paid"] }],
  });
  const client = orders.grant("publish").connect(ports, scope);
  await client.publish("order.paid", { cents: 1 });
  await client.publish("order.placed", { at: "now" });
  expect(ports.queue.take("to-crm")).toHaveLength(1);
});

it("refuses names that no cloud would take", () => {
  for (const name of ["ab", "Orders", "a--b", "-a-b", "a".repeat(51)]) {
    expect(() => topic(name, { events: {} })).toThrow(/topic.define/);
  }
  for (const type of ["", "Order", "order..placed", "a b", "a".repeat(129)]) {
    expect(() => topic("orders", { events: { [type]: Placed } })).toThrow(/topic.define/);
  }
});
