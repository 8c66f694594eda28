import { type Capability, needs, products } from "#shared/function";
import { faultyQueue, seededFaults } from "#shared/faults";
import {
  type AddRule,
  collectRules,
  conformanceSuite,
  type Exceptions,
  FakeClock,
  mutantSuite,
  type Rule as CollectedRule,
  seededRandom,
} from "#shared/testing";
import { memoryBlobs } from "#shared/blob";
import { Fault } from "#shared/errors";
import { expect } from "vitest";
import * as z from "zod";
import { queueMutants } from "./conformance/mutants.ts";
import { takeBody } from "./claim-check.ts";
import { decodeEnvelope, encodeEnvelope } from "./codec.ts";
import type { QueueDriver } from "./driver.ts";
import { type Envelope, MAX_MESSAGE_BODY_BYTES } from "./envelope.ts";
import { openQueue, queue } from "./queue.ts";
import type { QueueSender, SendOptions } from "./sender.ts";

const Body = z.object({ text: z.string() });
const MAX_TEXT_BYTES = MAX_MESSAGE_BODY_BYTES - Buffer.byteLength(JSON.stringify({ text: "" }));
type Body = z.input<typeof Body>;

export type QueueHarness<D extends QueueDriver> = {
  /** What stands behind the driver in this run, if anything does. */
  readonly engine?: string;
  /** A driver; called once per rule. A driver that keeps its own time takes it from the clock. */
  readonly open: (clock: FakeClock) => Promise<D>;
  /** Takes the bodies that are visible now out of a queue, in no particular order. */
  readonly receive: (driver: D, queue: string) => Promise<readonly string[]>;
  /** Rules this queue cannot keep, each with its reason. */
  readonly except?: Exceptions;
};

/** The queues of the suite, for harnesses that must make them first. */
export const conformanceQueues = ["conformance-a", "conformance-b"] as const;
const [first, second] = conformanceQueues;

type Bench = {
  readonly driver: QueueDriver;
  readonly clock: FakeClock;
  readonly signal: AbortController;
  send(body: Body | Body[], options?: SendOptions): ReturnType<QueueSender<Body>["send"]>;
  /** Envelopes of what is visible, by text. */
  receive(name?: string): Promise<Envelope[]>;
  /** The same sender over another driver. */
  over(driver: QueueDriver): Bench["send"];
  /** The body of an envelope, wherever it is. */
  bodyOf(envelope: Envelope): Promise<unknown>;
};

/**
 * The contract of the sending half of a queue, and of bodies too large for one (Q13). A driver is done when this passes.
 * The delivering half is held to Q01 to Q12, Q14 and Q15 where it is: at each cloud's codec, entry and definition.
 */
export function queueConformance<D extends QueueDriver>(
  name: string,
  harness: QueueHarness<D>,
): void {
  const { engine, except = {} } = harness;
  const subject = { port: "queue", driver: name, engine };
  const rulesOver = (wrap: (driver: D) => D): readonly CollectedRule[] =>
    collectRules((add) => {
      const rule = benchRule(add, harness, wrap);
      sendRules(rule);
      limitRules(rule);
      faultRule(rule);
      productRule(rule);
    });
  conformanceSuite(subject, except, (add) => {
    for (const { id, title, run } of rulesOver((driver) => driver)) add(id, title, run);
  });
  mutantSuite<D>(subject, except, queueMutants(), rulesOver);
}

function benchRule<D extends QueueDriver>(
  add: AddRule,
  harness: QueueHarness<D>,
  wrap: (driver: D) => D,
): Rule {
  return (id, title, run) => {
    add(id, title, async () => {
      const clock = new FakeClock();
      const driver = wrap(await harness.open(clock));
      try {
        for (const left of conformanceQueues) await harness.receive(driver, left);
        await run(benchOf(driver, clock, harness));
      } finally {
        await driver.close();
      }
    });
  };
}

type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

function sendRules(rule: Rule): void {
  rule("Q16", "a message arrives once, with tenant, trace, event and its id", async (bench) => {
    const [sent] = await bench.send({ text: "é\u0000😀" }, { id: "mine" });
    expect(sent).toEqual({ ok: true, id: "mine" });
    expect(await bench.receive()).toEqual([
      {
        v: 1,
        id: "mine",
        attempt: 1,
        enqueuedAtMs: bench.clock.now(),
        tenant: "acme",
        traceparent: "00-1-2-01",
        event: "delivery-1",
        body: { text: "é\u0000😀" },
      },
    ]);
    expect(await bench.receive()).toEqual([]);
  });

  rule("Q17", "every message of a batch arrives and has a result of its own", async (bench) => {
    const bodies = Array.from({ length: 25 }, (_, index) => ({ text: `number ${index}` }));
    const results = await bench.send(bodies);
    expect(results.map(({ ok }) => ok)).toEqual(bodies.map(() => true));
    expect(new Set(results.map(({ id }) => id)).size).toBe(25);
    const arrived = new Map((await bench.receive()).map(({ id, body }) => [id, body]));
    expect(results.map(({ id }) => arrived.get(id))).toEqual(bodies);
  });

  rule("Q18", "queues are apart", async (bench) => {
    await bench.send({ text: "for the first" });
    expect(await bench.receive(second)).toEqual([]);
    expect(await bench.receive(first)).toHaveLength(1);
  });

  rule("Q19", "a delayed message is not visible before its time", async (bench) => {
    await bench.send({ text: "later" }, { delaySeconds: 30 });
    await bench.send({ text: "now" });
    expect((await bench.receive()).map(({ body }) => body)).toEqual([{ text: "now" }]);
    bench.clock.advance(29_000);
    expect(await bench.receive()).toEqual([]);
    bench.clock.advance(1_000);
    expect((await bench.receive()).map(({ body }) => body)).toEqual([{ text: "later" }]);
  });
}

function limitRules(rule: Rule): void {
  rule("Q20", "the largest body fits; a larger one fails alone and is not sent", async (bench) => {
    const frame = await envelopeBytes(bench);
    const room = Math.min(bench.driver.maxBodyBytes - frame, MAX_TEXT_BYTES);
    const largest = "é".repeat(room >> 1) + "x".repeat(room & 1);
    const tooLarge = "x".repeat(MAX_TEXT_BYTES + 1);
    const results = await bench.send([{ text: tooLarge }, { text: largest }, { text: "" }]);
    expect(results[0]).toMatchObject({ ok: false, fault: { code: "too_large" } });
    expect(results.slice(1)).toMatchObject([{ ok: true }, { ok: true }]);
    const texts = (await bench.receive()).map(({ body }) => Body.parse(body).text);
    expect(texts.toSorted()).toEqual(["", largest]);
  });

  rule("Q13", "a body of more than the queue takes arrives by claim, whole", async (bench) => {
    const { maxBodyBytes } = bench.driver;
    const sizes = [Math.min(maxBodyBytes, MAX_TEXT_BYTES), MAX_TEXT_BYTES];
    const texts = sizes.map((size, index) => String(index).repeat(size));
    for (const text of texts) {
      expect(await bench.send({ text }, { id: "same" })).toEqual([{ ok: true, id: "same" }]);
    }
    const received = await bench.receive();
    for (const envelope of received) {
      expect(envelope).toMatchObject({ v: 1, id: "same", tenant: "acme" });
      expect(Buffer.byteLength(encodeEnvelope(envelope))).toBeLessThanOrEqual(maxBodyBytes);
    }
    const bodies = await Promise.all(received.map((envelope) => bench.bodyOf(envelope)));
    expect(bodies.map((body) => Body.parse(body).text).toSorted()).toEqual(texts.toSorted());
  });

  rule(
    "Q21",
    "a delay that the queue cannot hold is refused before anything is sent",
    async (bench) => {
      const delaySeconds = bench.driver.maxDelaySeconds + 1;
      const sending = bench.send({ text: "much later" }, { delaySeconds });
      await expect(sending).rejects.toMatchObject({ code: "unimplemented" });
      const negative = bench.send({ text: "earlier" }, { delaySeconds: -1 });
      await expect(negative).rejects.toMatchObject({ code: "invalid_argument" });
      expect(await bench.receive()).toEqual([]);
    },
  );

  rule(
    "Q22",
    "a body that does not fit the schema is refused with its whole batch",
    async (bench) => {
      const wrong: unknown = JSON.parse('{"text":1}');
      // @ts-expect-error -- that is what a caller in plain JavaScript does
      const sending = bench.send([{ text: "right" }, wrong]);
      await expect(sending).rejects.toMatchObject({ code: "invalid_argument" });
      const ids = bench.send([{ text: "a" }, { text: "b" }], { id: "one-for-both" });
      await expect(ids).rejects.toMatchObject({ code: "invalid_argument" });
      expect(await bench.receive()).toEqual([]);
    },
  );

  rule("Q23", "an ended invocation sends nothing", async (bench) => {
    bench.signal.abort(new Error("over"));
    const sending = bench.send({ text: "too late" });
    await expect(sending).rejects.toMatchObject({ code: "cancelled", message: "over" });
    expect(await bench.receive()).toEqual([]);
  });
}

function productRule(rule: Rule): void {
  rule("Q35", "the queue can do what types say of its product", async ({ driver }) => {
    const product = Object.entries(products).find(([name]) => name === driver.name)?.[1];
    const can: readonly Capability[] = product?.can ?? ["delay"];
    const { delaySeconds } = needs.delay;
    expect(driver.maxDelaySeconds >= delaySeconds).toBe(can.includes("delay"));
  });
}

const FAULT_SEEDS = 50;

function faultRule(rule: Rule): void {
  rule("Q24", "what was told sent arrives, and what was told refused does not", async (bench) => {
    const told = { sent: new Set<string>(), refused: new Set<string>() };
    for (let seed = 1; seed <= FAULT_SEEDS; seed += 1) {
      const random = seededRandom(seed);
      const rates = { throttled: 0.1, resetBefore: 0.1, resetAfter: 0.2, late: 0.1 };
      const disorderly = { random, duplicated: 0.2, reordered: 0.5 };
      const faulty = faultyQueue(bench.driver, seededFaults({ random, rates }), disorderly);
      const texts = ["a", "b", "c"].map((name) => `${seed}-${name}`);
      const bodies = texts.map((text) => ({ text }));
      const code: unknown = await bench
        .over(faulty.driver)(bodies)
        .then(
          () => "sent",
          (error: unknown) => (Fault.is(error) ? error.code : error),
        );
      if (code === "sent") for (const text of texts) told.sent.add(text);
      if (code === "resource_exhausted") for (const text of texts) told.refused.add(text);
      await faulty.arrive();
    }
    const arrived = new Set((await bench.receive()).map(({ body }) => Body.parse(body).text));
    expect(told.sent.size).toBeGreaterThan(FAULT_SEEDS);
    expect([...told.sent].filter((text) => !arrived.has(text))).toEqual([]);
    expect([...told.refused].filter((text) => arrived.has(text))).toEqual([]);
  });
}

function benchOf<D extends QueueDriver>(
  driver: D,
  clock: FakeClock,
  harness: QueueHarness<D>,
): Bench {
  const signal = new AbortController();
  const ports = { queue: driver, blob: memoryBlobs(), clock, random: seededRandom(clock.now()) };
  const scope = {
    tenant: "acme",
    traceparent: "00-1-2-01",
    event: "delivery-1",
    signal: signal.signal,
  };
  const ref = queue(first, { schema: Body });
  const sender = openQueue(ref, ports, scope);
  return {
    driver,
    clock,
    signal,
    send: (body, options) => sender.send(body, options),
    over: (other) => {
      const another = openQueue(ref, { ...ports, queue: other }, scope);
      return (body, options) => another.send(body, options);
    },
    receive: async (name = first) => (await harness.receive(driver, name)).map(decodeEnvelope),
    async bodyOf(envelope) {
      const taken = await takeBody(envelope, ports, scope);
      return taken.kind === "body" ? taken.body : taken;
    },
  };
}

async function envelopeBytes(bench: Bench): Promise<number> {
  await bench.send({ text: "" });
  const [envelope] = await bench.receive();
  return Buffer.byteLength(JSON.stringify(envelope));
}
