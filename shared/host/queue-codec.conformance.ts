import { type Envelope, decodeEnvelope, encodeEnvelope } from "#shared/queue";
import { type CloudEvent, decodeCloudEvent, encodeCloudEvent } from "#shared/topic";
import * as fc from "fast-check";
import { type AddRule, conformanceSuite } from "#shared/testing";
import { expect } from "vitest";
import type { Delivery, QueueCodec, Settlement } from "./codecs.ts";
import { anEvent, anyEvent } from "../topic/conformance/any-event.ts";
import type { Carry } from "./http-codec.conformance.ts";

const envelope: Envelope = {
  v: 1,
  id: "0b1c",
  attempt: 3,
  enqueuedAtMs: 1_793_000_000_000,
  tenant: "acme",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  event: "evt-1",
  body: { n: 1, text: "é😀\u0000\u2028", list: [null, true, "x"] },
};

/** Texts that are no envelope of ours; several of them are JSON, which some triggers parse unasked. */
const undecodable = ["", "not json {", "123", '"text"', "[1]", "null", '{"v":2}'];

/** What this cloud makes of what no test can send through `emulate`: native requests with one delivery each. */
export type NativeForms<NativeRequest> = {
  /** An event of a topic as each of its buses hands it on. */
  readonly buses: Readonly<Record<string, (event: CloudEvent, handle: string) => NativeRequest>>;
  /** A message of bytes that need not be text. */
  readonly ofBytes: (bytes: Uint8Array, handle: string) => NativeRequest;
};

/**
 * The contract of every cloud's queue edge: envelopes arrive as they were sent, what is none arrives too, and
 * the broker hears of each delivery exactly what became of it.
 */
export function queueCodecConformance<Event, Result, NativeRequest, NativeResponse>(
  codec: QueueCodec<Event, Result, NativeRequest, NativeResponse>,
  carry: Carry<Event, Result, NativeRequest, NativeResponse>,
  forms: NativeForms<NativeRequest>,
): void {
  const edge = edgeOf(codec, carry);
  conformanceSuite({ port: "queue codec", driver: codec.runtime }, {}, (rule) => {
    settlementRules(rule, codec, edge);
    bodyRules(rule, codec, edge, forms);
    eventRules(rule, edge, forms);
  });
}

type Edge<NativeRequest> = {
  receiveNative(request: NativeRequest): Promise<readonly Delivery[]>;
  receive(...bodies: string[]): Promise<readonly Delivery[]>;
  settle(
    sent: readonly Delivery[],
    decide: (handle: string) => boolean,
  ): Promise<readonly Settlement[]>;
  /** What the broker is told when the function throws outside of its handler. */
  fail(sent: readonly Delivery[]): Promise<readonly Settlement[]>;
};

function edgeOf<Event, Result, NativeRequest, NativeResponse>(
  codec: QueueCodec<Event, Result, NativeRequest, NativeResponse>,
  carry: Carry<Event, Result, NativeRequest, NativeResponse>,
): Edge<NativeRequest> {
  const receiveNative = async (request: NativeRequest): Promise<readonly Delivery[]> => {
    let seen: readonly Delivery[] = [];
    await carry(request, (event) => {
      seen = codec.decode(event);
      return codec.encode(seen.map(({ handle }) => ({ handle, done: true })));
    });
    return seen;
  };
  return {
    receiveNative,
    receive: (...bodies) =>
      receiveNative(
        codec.emulate(
          "to-crm",
          bodies.map((body) => ({ handle: "m-1", body, receiveCount: 4 })),
        ),
      ),
    async settle(sent, decide) {
      const response = await carry(codec.emulate("to-crm", sent), (event) =>
        codec.encode(codec.decode(event).map(({ handle }) => ({ handle, done: decide(handle) }))),
      );
      return codec.render(response, sent);
    },
    async fail(sent) {
      const response = await carry(codec.emulate("to-crm", sent), () => {
        throw new Error("planned");
      });
      return codec.render(response, sent);
    },
  };
}

type AnyCodec = Pick<QueueCodec<never, unknown>, "maxBatch" | "encode">;

function settlementRules(rule: AddRule, codec: AnyCodec, edge: Edge<never>): void {
  rule("Q01", "exactly the failed messages of a full batch are delivered again", async () => {
    const batch = messages(codec.maxBatch);
    for (const failed of ["m-0", `m-${codec.maxBatch - 1}`, "none"]) {
      const settled = await edge.settle(batch, (handle) => handle !== failed);
      expect(settled).toEqual(batch.map(({ handle }) => ({ handle, done: handle !== failed })));
    }
  });

  rule("Q02", "a batch that failed wholly is delivered again wholly", async () => {
    const batch = messages(codec.maxBatch);
    const settled = await edge.settle(batch, () => false);
    expect(settled).toEqual(batch.map(({ handle }) => ({ handle, done: false })));
  });

  rule("Q03", "nothing is settled when the function throws outside of its handler", async () => {
    const batch = messages(codec.maxBatch);
    const settled = await edge.fail(batch);
    expect(settled).toEqual(batch.map(({ handle }) => ({ handle, done: false })));
  });

  rule("Q12", "a batch of no messages fails nothing", async () => {
    expect(() => codec.encode([])).not.toThrow();
    if (codec.maxBatch > 1) expect(await edge.settle([], () => false)).toEqual([]);
  });
}

function bodyRules<NativeRequest>(
  rule: AddRule,
  { maxBatch }: AnyCodec,
  edge: Edge<NativeRequest>,
  { ofBytes }: NativeForms<NativeRequest>,
): void {
  rule("Q10", "bytes that are no text arrive as what is no envelope", async () => {
    const [got] = await edge.receiveNative(ofBytes(Uint8Array.of(0xff, 0xfe, 0x7b, 0x80), "m-1"));
    expect(got?.handle).toBe("m-1");
    expect(() => decodeEnvelope(got?.body ?? "")).toThrow("queue.decode");
  });

  rule("Q11", "a body is undone from base64 as often as the cloud put it on", async () => {
    const body = encodeEnvelope(envelope);
    for (const sent of [body, btoa("plain text"), Buffer.from(body).toString("base64")]) {
      expect((await edge.receive(sent))[0]?.body).toBe(sent);
    }
  });

  rule("Q25", "a delivery has its handle, body and count", async () => {
    const bodies = Array.from({ length: maxBatch }, () => encodeEnvelope(envelope));
    for (const got of await edge.receive(...bodies)) {
      expect(got).toMatchObject({ handle: "m-1", receiveCount: 4 });
      expect(decodeEnvelope(got.body)).toEqual(envelope);
    }
  });

  rule("Q26", "any JSON body arrives unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        const body = JSON.stringify({ ...envelope, body: value });
        const [got] = await edge.receive(body);
        expect(JSON.parse(got?.body ?? "")).toEqual(JSON.parse(body));
      }),
      { numRuns: 50 },
    );
  });

  rule("Q27", "what is no envelope is handed over too", async () => {
    for (const body of undecodable) {
      const [got] = await edge.receive(body);
      expect(got?.handle).toBe("m-1");
      expect(() => decodeEnvelope(got?.body ?? "")).toThrow("queue.decode");
    }
  });
}

function eventRules<NativeRequest>(
  rule: AddRule,
  edge: Edge<NativeRequest>,
  { buses }: NativeForms<NativeRequest>,
): void {
  rule("Q28", "an event of a topic arrives as it was published, by every bus", async () => {
    const arrivals = [
      (event: CloudEvent) => edge.receive(encodeCloudEvent(event)),
      ...Object.values(buses).map(
        (form) => (event: CloudEvent) => edge.receiveNative(form(event, "m-1")),
      ),
    ];
    for (const arrive of arrivals) {
      await fc.assert(
        fc.asyncProperty(anyEvent, async (event) => {
          const [got] = await arrive(event);
          expect(got?.handle).toBe("m-1");
          expect(decodeCloudEvent(got?.body ?? "")).toEqual(event);
        }),
        { numRuns: 50 },
      );
    }
  });

  rule("Q29", "a message that only quotes what a bus writes is left alone", async () => {
    const quoted = Object.values(buses).map((form) => JSON.stringify(form(anEvent("e-1"), "m")));
    const body = encodeEnvelope({ ...envelope, body: ["TopicArn", "detail-type", ...quoted] });
    const [got] = await edge.receive(body);
    expect(JSON.parse(got?.body ?? "")).toEqual(JSON.parse(body));
  });
}

function messages(count: number): Delivery[] {
  return Array.from({ length: count }, (_, index) => ({
    handle: `m-${index}`,
    body: encodeEnvelope({ ...envelope, id: `e-${index}` }),
    receiveCount: 1,
  }));
}
