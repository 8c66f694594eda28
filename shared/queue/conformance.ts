import { conformanceSuite, type Exceptions, FakeClock, seededRandom } from "#shared/testing";
import { memoryBlobs } from "#shared/blob";
import { takeBody } from "#shared/claims";
import { expect } from "vitest";
import * as z from "zod";
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
  /** The body of an envelope, wherever it is. */
  bodyOf(envelope: Envelope): Promise<unknown>;
};

/** The contract of the sending half of a queue. A driver is done when this passes. */
export function queueConformance<D extends QueueDriver>(
  name: string,
  harness: QueueHarness<D>,
): void {
  const subject = { port: "queue", driver: name, engine: harness.engine };
  conformanceSuite(subject, harness.except ?? {}, (add) => {
    const rule = (id: string, title: string, run: (bench: Bench) => Promise<void>): void => {
      add(id, title, async () => {
        const clock = new FakeClock();
        const driver = await harness.open(clock);
        try {
          for (const left of conformanceQueues) await harness.receive(driver, left);
          await run(benchOf(driver, clock, harness));
        } finally {
          await driver.close();
        }
      });
    };
    sendRules(rule);
    limitRules(rule);
  });
}

type Rule = (id: string, title: string, run: (bench: Bench) => Promise<void>) => void;

function sendRules(rule: Rule): void {
  rule("Q01", "a message arrives once, with tenant, trace, event and its id", async (bench) => {
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

  rule("Q02", "every message of a batch arrives and has a result of its own", async (bench) => {
    const bodies = Array.from({ length: 25 }, (_, index) => ({ text: `number ${index}` }));
    const results = await bench.send(bodies);
    expect(results.map(({ ok }) => ok)).toEqual(bodies.map(() => true));
    expect(new Set(results.map(({ id }) => id)).size).toBe(25);
    const arrived = new Map((await bench.receive()).map(({ id, body }) => [id, body]));
    expect(results.map(({ id }) => arrived.get(id))).toEqual(bodies);
  });

  rule("Q03", "queues are apart", async (bench) => {
    await bench.send({ text: "for the first" });
    expect(await bench.receive(second)).toEqual([]);
    expect(await bench.receive(first)).toHaveLength(1);
  });

  rule("Q04", "a delayed message is not visible before its time", async (bench) => {
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
  rule("Q05", "the largest body fits; a larger one fails alone and is not sent", async (bench) => {
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

  rule("Q14", "a body of more than the queue takes arrives by claim, whole", async (bench) => {
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
    "Q06",
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
    "Q07",
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

  rule("Q08", "an ended invocation sends nothing", async (bench) => {
    bench.signal.abort(new Error("over"));
    const sending = bench.send({ text: "too late" });
    await expect(sending).rejects.toMatchObject({ code: "cancelled", message: "over" });
    expect(await bench.receive()).toEqual([]);
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
  const sender = openQueue(queue(first, { schema: Body }), ports, scope);
  return {
    driver,
    clock,
    signal,
    send: (body, options) => sender.send(body, options),
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
