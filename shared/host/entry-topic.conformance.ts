import { ack, defineFunction, type FunctionDefinition, topicTrigger } from "#shared/function";
import { decodeEnvelope, encodeEnvelope } from "#shared/queue";
import { type CloudEvent, encodeCloudEvent, topic } from "#shared/topic";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { conformancePorts, type ConformancePorts } from "./ports.conformance.ts";
import { type EntryHarness, freshName, type RunningEntry } from "./entry-harness.ts";

const Placed = z.object({ orderId: z.string() });
const orders = topic("orders", { events: { "order.placed": Placed, "order.paid": Placed } });
const event: CloudEvent = {
  specversion: "1.0",
  id: "e-1",
  type: "order.placed",
  source: "/tenants/tenant-5/topics/orders",
  subject: "orders/7",
  time: "2026-11-21T09:30:00.000Z",
  datacontenttype: "application/json",
  auteritytenant: "tenant-5",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  auterityevent: "delivery-1",
  data: { orderId: "é😀" },
};
const seenOnce = {
  tenant: "tenant-5",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  event: "delivery-1",
  input: {
    id: "e-1",
    type: "order.placed",
    subject: "orders/7",
    source: "/tenants/tenant-5/topics/orders",
    occurredAtMs: Date.UTC(2026, 10, 21, 9, 30),
    data: { orderId: "é😀" },
  },
};

type Outcome = { done: boolean | undefined; again: string[]; dead: string[] };

/** What every cloud's entry owes a function that subscribed to a topic. */
export function entryTopicConformance(harness: EntryHarness): void {
  let running: RunningEntry | undefined;
  afterEach(() => running?.stop());
  const deliver = async (
    definition: FunctionDefinition,
    bodies: readonly string[],
    ports: ConformancePorts = conformancePorts(),
  ): Promise<Outcome> => {
    running = await harness.start(definition, ports);
    const { name } = definition;
    let done: boolean | undefined = true;
    for (const [index, body] of bodies.entries()) {
      const delivery = { handle: `m-${index}`, body, receiveCount: 1 };
      const [settled] = await running.queue(name, [delivery]);
      done &&= settled?.done;
    }
    return { done, again: ports.queue.take(name), dead: ports.queue.take(`${name}-dead`) };
  };

  describe("topic", () => {
    it("hands over an event with its tenant, trace and webhook event, and acknowledges it", async () => {
      const seen: unknown[] = [];
      const result = await deliver(subscriber(seen), [encodeCloudEvent(event)]);
      expect(result).toEqual({ done: true, again: [], dead: [] });
      expect(seen).toEqual([seenOnce]);
    });

    it("delivers again through its own queue, counted, and says the same again", async () => {
      const failing = subscriber([], () => Promise.reject(new Error("planned")));
      const first = await deliver(failing, [encodeCloudEvent(event)]);
      expect(first).toMatchObject({ done: true, dead: [] });
      const [again = ""] = first.again;
      expect(decodeEnvelope(again)).toMatchObject({ id: "e-1", attempt: 2, tenant: "tenant-5" });
      await running?.stop();
      const seen: unknown[] = [];
      expect(await deliver(subscriber(seen), [again])).toMatchObject({ again: [], dead: [] });
      expect(seen).toEqual([seenOnce]);
    });

    it("puts an event aside when its attempts are used up", async () => {
      const failing = subscriber([], () => Promise.reject(new Error("planned")));
      const first = await deliver(failing, [encodeCloudEvent(event)]);
      await running?.stop();
      const last = { ...decodeEnvelope(first.again[0] ?? ""), attempt: 5 };
      const result = await deliver(failing, [encodeEnvelope(last)]);
      expect(result).toEqual({ done: true, again: [], dead: [encodeEnvelope(last)] });
    });

    it("forgets an event of a type it did not subscribe to", async () => {
      const seen: unknown[] = [];
      const other = encodeCloudEvent({ ...event, type: "order.paid", data: {} });
      expect(await deliver(subscriber(seen), [other])).toEqual({ done: true, again: [], dead: [] });
      expect(seen).toEqual([]);
    });

    it("handles an event once that came twice, where the function is idempotent", async () => {
      const seen: unknown[] = [];
      const body = encodeCloudEvent(event);
      expect(await deliver(subscriber(seen), [body, body])).toMatchObject({ done: true, dead: [] });
      expect(seen).toHaveLength(1);
    });

    it.each([
      ["whose data has another shape", encodeCloudEvent({ ...event, data: { orderId: 7 } })],
      ["of nobody's tenant", JSON.stringify({ ...event, auteritytenant: undefined })],
      ["that is no event at all", "not json {"],
      ["that holds a message of a queue", encodeEnvelope(message({ n: 1 }))],
    ])("puts one aside %s", async (_, body) => {
      const seen: unknown[] = [];
      const result = await deliver(subscriber(seen), [body]);
      expect(result).toMatchObject({ done: true, again: [] });
      expect(result.dead).toHaveLength(1);
      expect(seen).toEqual([]);
    });
  });
}

function message(body: Record<string, number>) {
  return { v: 1, id: "m", attempt: 1, enqueuedAtMs: 0, tenant: "tenant-5", body } as const;
}

function subscriber(
  seen: unknown[],
  handle: () => Promise<void> = async () => undefined,
): FunctionDefinition {
  return defineFunction({
    name: freshName("topic"),
    summary: "A function under test",
    trigger: topicTrigger(orders, ["order.placed"]),
    input: Placed,
    uses: {},
    idempotency: { key: ({ id }) => id, ttlSeconds: 60 },
    async handler(ctx, input) {
      await handle();
      const { tenant, trace, event: cause } = ctx;
      seen.push({ tenant, traceId: trace.traceId, event: cause, input });
      return ack();
    },
  });
}
