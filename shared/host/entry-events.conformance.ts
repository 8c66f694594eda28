import {
  ack,
  deadLetter,
  defineFunction,
  every,
  type FunctionDefinition,
  type QueueOutcome,
  queueTrigger,
  retry,
  scheduleTrigger,
} from "#shared/function";
import { decodeEnvelope, encodeEnvelope, type Envelope, queue } from "#shared/queue";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { conformancePorts } from "./ports.conformance.ts";
import { type EntryHarness, freshName, type RunningEntry } from "./entry-harness.ts";

const Body = z.object({ n: z.number(), text: z.string().optional() });
const toCrm = queue("to-crm", { schema: Body, maxAttempts: 3 });
const envelope: Envelope = {
  v: 1,
  id: "e-1",
  attempt: 1,
  enqueuedAtMs: 1_793_000_000_000,
  tenant: "tenant-5",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  body: { n: 1, text: "é😀" },
};

type Seen = { tenant: string; traceId: string; id: string; attempt: number; body: unknown };

/** What every cloud's entry owes a queue function. */
export function entryQueueConformance(harness: EntryHarness): void {
  let running: RunningEntry | undefined;
  afterEach(() => running?.stop());
  const deliver = async (
    definition: FunctionDefinition,
    body: string,
    ports = conformancePorts(),
  ): Promise<{ done: boolean | undefined; again: string[]; dead: string[] }> => {
    running = await harness.start(definition, ports);
    const settled = await running.queue("to-crm", [{ handle: "m-1", body, receiveCount: 1 }]);
    expect(settled).toHaveLength(1);
    return {
      done: settled[0]?.done,
      again: ports.queue.take("to-crm"),
      dead: ports.queue.take("to-crm-dead"),
    };
  };

  describe("queue", () => {
    it("hands over a message with its tenant and trace, and acknowledges it", async () => {
      const seen: Seen[] = [];
      const result = await deliver(
        consumer(seen, async () => ack()),
        encodeEnvelope(envelope),
      );
      expect(result).toEqual({ done: true, again: [], dead: [] });
      expect(seen).toEqual([
        {
          tenant: "tenant-5",
          traceId: "0af7651916cd43dd8448eb211c80319c",
          id: "e-1",
          attempt: 1,
          body: { n: 1, text: "é😀" },
        },
      ]);
    });

    it.each(["not json {", "", "123", '"text"', "[1]", "null", '{"v":2}'])(
      "puts %j aside: it is neither handled nor silently acknowledged",
      async (body) => {
        const seen: Seen[] = [];
        const result = await deliver(
          consumer(seen, async () => ack()),
          body,
        );
        expect(seen).toEqual([]);
        expect(result).toMatchObject({ done: true, again: [] });
        expect(result.dead).toHaveLength(1);
      },
    );

    it("puts a body of the wrong shape aside at once", async () => {
      const body = encodeEnvelope({ ...envelope, body: { n: "one" } });
      const result = await deliver(
        consumer([], async () => ack()),
        body,
      );
      expect(result).toMatchObject({ done: true, again: [] });
      expect(result.dead).toHaveLength(1);
    });

    it.each([
      ["asks for it", async () => retry({ afterSeconds: 2, reason: "planned" })],
      [
        "throws",
        async () => {
          throw new Error("planned");
        },
      ],
    ])("delivers again, counted once more, when the handler %s", async (_, handle) => {
      const result = await deliver(consumer([], handle), encodeEnvelope(envelope));
      expect(result).toMatchObject({ done: true, dead: [] });
      expect(result.again.map((text) => decodeEnvelope(text))).toEqual([
        { ...envelope, attempt: 2 },
      ]);
    });

    it("puts a message aside when its attempts are used up, and when the handler says so", async () => {
      const last = encodeEnvelope({ ...envelope, attempt: 3 });
      const asked = consumer([], async () => retry({ afterSeconds: 1, reason: "planned" }));
      expect(await deliver(asked, last)).toMatchObject({ done: true, again: [], dead: [last] });
      await running?.stop();
      const given = consumer([], async () => deadLetter("planned"));
      const result = await deliver(given, encodeEnvelope(envelope));
      expect(result).toMatchObject({ done: true, again: [], dead: [encodeEnvelope(envelope)] });
    });

    it("leaves the message with the broker when it can be put nowhere", async () => {
      const ports = conformancePorts();
      const full = conformancePorts({
        queue: { ...ports.queue, send: async () => [{ ok: false, error: new Error("planned") }] },
      });
      const result = await deliver(
        consumer([], async () => ack()),
        "not json {",
        full,
      );
      expect(result).toEqual({ done: false, again: [], dead: [] });
    });

    it("logs no payload", async () => {
      const ports = conformancePorts();
      const failing = consumer([], async () => {
        throw new Error("planned");
      });
      running = await harness.start(failing, ports);
      const bodies = ["canary {", encodeEnvelope({ ...envelope, body: { n: 1, text: "canary" } })];
      for (const body of bodies) {
        await running.queue("to-crm", [{ handle: "m-1", body, receiveCount: 1 }]);
      }
      const { logs, metrics, spans } = ports.telemetry;
      expect(logs).not.toHaveLength(0);
      expect(JSON.stringify([logs, metrics, spans])).not.toContain("canary");
    });
  });
}

/** What every cloud's entry owes a scheduled function. */
export function entryScheduleConformance(harness: EntryHarness): void {
  let running: RunningEntry | undefined;
  afterEach(() => running?.stop());
  // The slot that has just begun: no cloud fires for one that is still to come.
  const slotMs = Math.floor(Date.now() / 60_000) * 60_000;

  describe("schedule", () => {
    it("hands over the slot, once, however often it fires", async () => {
      const slots: number[] = [];
      running = await harness.start(
        scheduled(async (slot) => void slots.push(slot.getTime())),
        conformancePorts(),
      );
      expect(await running.schedule(slotMs, slotMs + 500)).toBe(true);
      expect(await running.schedule(slotMs, slotMs + 900)).toBe(true);
      expect(slots).toEqual([slotMs]);
    });

    it("tells the platform that a handler failed", async () => {
      const failing = scheduled(async () => {
        throw new Error("planned");
      });
      running = await harness.start(failing, conformancePorts());
      expect(await running.schedule(slotMs, slotMs + 500)).toBe(false);
    });
  });
}

function consumer(seen: Seen[], handle: () => Promise<QueueOutcome>): FunctionDefinition {
  return defineFunction({
    name: freshName("queue"),
    summary: "A function under test",
    trigger: queueTrigger(toCrm),
    input: Body,
    uses: {},
    async handler(ctx, { id, attempt, body }) {
      seen.push({ tenant: ctx.tenant, traceId: ctx.trace.traceId, id, attempt, body });
      return handle();
    },
  });
}

function scheduled(handle: (slot: Date) => Promise<void>): FunctionDefinition {
  return defineFunction({
    name: freshName("schedule"),
    summary: "A function under test",
    trigger: scheduleTrigger(every(1, "minutes")),
    input: z.unknown(),
    uses: {},
    handler: (_, { slot }) => handle(slot),
  });
}
