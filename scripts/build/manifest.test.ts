import { ack, defineFunction, topicTrigger } from "#shared/function";
import { topic } from "#shared/topic";
import { expect, it } from "vitest";
import * as z from "zod";
import { renderManifest } from "./manifest.ts";

const orders = topic("orders", { events: { "order.placed": z.object({ orderId: z.string() }) } });

it("says of a subscriber which events it gets, and through which queue", () => {
  const definition = defineFunction({
    name: "greet-customer",
    summary: "Greets",
    trigger: topicTrigger(orders, ["order.placed"]),
    input: orders.events["order.placed"],
    uses: { orders: orders.grant("publish") },
    limits: { timeoutSeconds: 20 },
    handler: async () => ack(),
  });
  const source = { imports: "", expression: "" };
  const deployables = [{ name: definition.name, definition, source }];
  const { functions } = renderManifest({ integrations: [], deployables });
  expect(functions).toMatchObject([
    {
      trigger: "topic",
      on: "topic orders: order.placed",
      queue: "greet-customer",
      visibilitySeconds: 40,
      subscription: { topic: "orders", queue: "greet-customer", types: ["order.placed"] },
      uses: [{ name: "orders", kind: "topic", resource: "orders", verbs: ["publish"] }],
    },
  ]);
});
