import {
  ack,
  deadLetter,
  defineFunction,
  type FunctionDefinition,
  type QueueOutcome,
  queueTrigger,
  retry,
} from "#shared/function";
import { encodeEnvelope, type Envelope, queue } from "#shared/queue";
import { conformanceSuite } from "#shared/testing";
import { expect } from "vitest";
import * as z from "zod";
import type { Delivery } from "./codecs.ts";
import { type Broker, brokerOf } from "./entry-broker.conformance.ts";
import { type EntryHarness, freshName } from "./entry-harness.ts";

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
export function entryQueueConformance(runtime: string, harness: EntryHarness): void {
  conformanceSuite({ port: "queue entry", driver: runtime }, harness.except ?? {}, (add) => {
    const rule: Rule = (id, title, run) => {
      add(id, title, async () => {
        const broker = brokerOf(harness);
        try {
          await run(broker);
        } finally {
          await broker.stop();
        }
      });
    };
    repeatRules(rule);
    outcomeRules(rule);
    safetyRules(rule);
  });
}

type Rule = (id: string, title: string, run: (broker: Broker) => Promise<void>) => void;

/** Repeats, order and counting. */
function repeatRules(rule: Rule): void {
  rule("Q04", "a message that is delivered twice is handled once", async (broker) => {
    const seen: Seen[] = [];
    const settled = await broker.deliver(once(seen), [message(envelope)], [message(envelope)]);
    expect(settled).toEqual([true, true]);
    expect(seen).toHaveLength(1);
  });

  rule("Q05", "after a failure the later messages of its group wait", async (broker) => {
    const seen: Seen[] = [];
    const failing = consumer(seen, async () => retry({ afterSeconds: 0, reason: "planned" }));
    const batch = ["a", "a", "b"].map((group, index) => ({
      ...message({ ...envelope, id: `e-${index}` }),
      handle: `m-${index}`,
      group,
    }));
    expect(await broker.deliver(failing, batch)).toEqual([false, false, false]);
    expect(seen.map(({ id }) => id)).toEqual(["e-0", "e-2"]);
    // Sent again, they would come behind what waits.
    expect(broker.sent("to-crm")).toEqual([]);
  });

  rule("Q06", "a message that always fails is put aside after its last attempt", async (broker) => {
    const seen: Seen[] = [];
    const poisoned = consumer(seen, async () => {
      throw new Error("planned");
    });
    let next: Envelope | undefined = envelope;
    for (let turn = 1; turn <= 3 && next !== undefined; turn += 1) {
      expect(await broker.deliver(poisoned, [message(next)])).toEqual([true]);
      next = broker.sent("to-crm")[0]?.envelope;
    }
    expect(next).toBeUndefined();
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(broker.sent("to-crm-dead").map((dead) => dead.envelope)).toEqual([
      { ...envelope, attempt: 3 },
    ]);
  });

  rule("Q07", "the attempt is ours, whatever the broker counts", async (broker) => {
    const seen: Seen[] = [];
    const handled = consumer(seen, async () => ack());
    const counted = { ...message({ ...envelope, attempt: 2 }), receiveCount: 7 };
    expect(await broker.deliver(handled, [counted])).toEqual([true]);
    expect(seen).toMatchObject([{ attempt: 2 }]);
  });
}

/** What becomes of a message. */
function outcomeRules(rule: Rule): void {
  rule("Q30", "a message is handed over with tenant and trace, and settled", async (broker) => {
    const seen: Seen[] = [];
    const handled = consumer(seen, async () => ack());
    expect(await broker.deliver(handled, [message(envelope)])).toEqual([true]);
    expect([...broker.sent("to-crm"), ...broker.sent("to-crm-dead")]).toEqual([]);
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

  rule("Q08", "a retry comes after the time that was asked for", async (broker) => {
    const asked = consumer([], async () => retry({ afterSeconds: 42, reason: "planned" }));
    expect(await broker.deliver(asked, [message(envelope)])).toEqual([true]);
    expect(broker.sent("to-crm")).toEqual([
      { envelope: { ...envelope, attempt: 2 }, delaySeconds: 42 },
    ]);
    const failing = consumer([], async () => {
      throw new Error("planned");
    });
    await broker.deliver(failing, [message(envelope)]);
    const [{ delaySeconds } = { delaySeconds: 0 }] = broker.sent("to-crm");
    expect(delaySeconds).toBeGreaterThan(0);
    expect(broker.sent("to-crm-dead")).toEqual([]);
  });

  rule("Q09", "a message is put aside at once when its handler says so", async (broker) => {
    const given = consumer([], async () => deadLetter("planned"));
    expect(await broker.deliver(given, [message(envelope)])).toEqual([true]);
    expect(broker.sent("to-crm")).toEqual([]);
    expect(broker.sent("to-crm-dead")).toEqual([{ envelope, delaySeconds: 0 }]);
  });

  rule("Q31", "a body of the wrong shape is put aside at once", async (broker) => {
    const handled = consumer([], async () => ack());
    const wrong = message({ ...envelope, body: { n: "one" } });
    expect(await broker.deliver(handled, [wrong])).toEqual([true]);
    expect(broker.sent("to-crm-dead")).toHaveLength(1);
  });
}

/** What is none of ours, brokers that fail, and what nobody may read. */
function safetyRules(rule: Rule): void {
  rule("Q15", "a message of another version is put aside whole, not handled", async (broker) => {
    const seen: Seen[] = [];
    const handled = consumer(seen, async () => ack());
    const body = JSON.stringify({ ...envelope, v: 2 });
    expect(await broker.deliver(handled, [{ ...message(envelope), body }])).toEqual([true]);
    expect(seen).toEqual([]);
    expect(broker.sent("to-crm-dead")).toMatchObject([
      { envelope: { body: { undecodable: body } } },
    ]);
  });

  rule("Q32", "what is no envelope is put aside, not handled", async (broker) => {
    const seen: Seen[] = [];
    for (const body of ["not json {", "", "123", '"text"', "[1]", "null", '{"v":2}']) {
      const handled = consumer(seen, async () => ack());
      expect(await broker.deliver(handled, [{ ...message(envelope), body }])).toEqual([true]);
      expect(broker.sent("to-crm-dead")).toHaveLength(1);
    }
    expect(seen).toEqual([]);
    expect(broker.sent("to-crm")).toEqual([]);
  });

  rule("Q33", "a message that can be put nowhere stays with the broker", async (broker) => {
    Object.assign(broker.ports.queue, {
      send: async () => [{ ok: false, error: new Error("planned") }],
    });
    const handled = consumer([], async () => ack());
    const odd = { ...message(envelope), body: "not json {" };
    expect(await broker.deliver(handled, [odd])).toEqual([false]);
  });

  rule("Q34", "no payload is logged", async (broker) => {
    const failing = consumer([], async () => {
      throw new Error("planned");
    });
    const canary = message({ ...envelope, body: { n: 1, text: "canary" } });
    await broker.deliver(failing, [{ ...canary, body: "canary {" }], [canary]);
    const { logs, metrics, spans } = broker.ports.telemetry;
    expect(logs).not.toHaveLength(0);
    expect(JSON.stringify([logs, metrics, spans])).not.toContain("canary");
  });
}

function message(of: Envelope): Delivery {
  return { handle: "m-1", body: encodeEnvelope(of), receiveCount: 1 };
}

/** Handles each id once. */
function once(seen: Seen[]): FunctionDefinition {
  return defineFunction({
    name: freshName("queue"),
    summary: "A function under test",
    trigger: queueTrigger(toCrm),
    input: Body,
    uses: {},
    idempotency: { key: ({ id }) => id, ttlSeconds: 60 },
    async handler(ctx, { id, attempt, body }) {
      seen.push({ tenant: ctx.tenant, traceId: ctx.trace.traceId, id, attempt, body });
      return ack();
    },
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
