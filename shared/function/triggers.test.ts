import { topic } from "#shared/topic";
import { expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { HandlerInput, TopicEvent } from "./define-function.ts";
import { topicTrigger } from "./triggers.ts";

const Placed = z.object({ orderId: z.string() });
const orders = topic("orders", { events: { "order.placed": Placed, "order.paid": Placed } });

it("types a subscriber by the types it asked for, and is pure data", () => {
  const trigger = topicTrigger(orders, ["order.placed"]);
  expectTypeOf<HandlerInput<typeof trigger, { orderId: string }>>().toEqualTypeOf<
    TopicEvent<{ orderId: string }, "order.placed">
  >();
  expect(JSON.parse(JSON.stringify(trigger))).toEqual({
    kind: "topic",
    topic: { name: "orders" },
    events: ["order.placed"],
  });
});

it("refuses a type that the topic does not have", () => {
  // @ts-expect-error -- that is what a caller in plain JavaScript does
  expect(() => topicTrigger(orders, ["order.lost"])).toThrow(
    expect.objectContaining({ code: "invalid_argument" }),
  );
});
