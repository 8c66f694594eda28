import { type Envelope, decodeEnvelope, encodeEnvelope } from "#shared/queue";
import { type CloudEvent, decodeCloudEvent, encodeCloudEvent } from "#shared/topic";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
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

/** Texts that no envelope of ours; several of them are JSON, which some triggers parse unasked. */
const undecodable: Readonly<Record<string, string>> = {
  "the empty text": "",
  "no JSON": "not json {",
  "a bare number": "123",
  "a JSON string": '"text"',
  "a JSON list": "[1]",
  null: "null",
  "an object that is no envelope": '{"v":2}',
};

/** What this cloud's buses make of an event and a delivery's handle: one native request each, by the bus. */
export type BusForms<NativeRequest> = Readonly<
  Record<string, (event: CloudEvent, handle: string) => NativeRequest>
>;

/**
 * The contract of every cloud's queue edge: envelopes arrive as they were sent, what is none arrives too, and
 * the broker hears of each delivery exactly what became of it.
 */
export function queueCodecConformance<Event, Result, NativeRequest, NativeResponse>(
  codec: QueueCodec<Event, Result, NativeRequest, NativeResponse>,
  carry: Carry<Event, Result, NativeRequest, NativeResponse>,
  buses: BusForms<NativeRequest>,
): void {
  const receiveNative = async (request: NativeRequest): Promise<readonly Delivery[]> => {
    let seen: readonly Delivery[] = [];
    await carry(request, (event) => {
      seen = codec.decode(event);
      return codec.encode(seen.map(({ handle }) => ({ handle, done: true })));
    });
    return seen;
  };
  const receive = (sent: readonly Delivery[]): Promise<readonly Delivery[]> =>
    receiveNative(codec.emulate("to-crm", sent));
  const raw = (event: CloudEvent, handle: string): NativeRequest =>
    codec.emulate("to-crm", [{ handle, body: encodeCloudEvent(event), receiveCount: 1 }]);
  const settle = async (
    sent: readonly Delivery[],
    decide: (handle: string) => boolean,
  ): Promise<readonly Settlement[]> => {
    const response = await carry(codec.emulate("to-crm", sent), (event) =>
      codec.encode(codec.decode(event).map(({ handle }) => ({ handle, done: decide(handle) }))),
    );
    return codec.render(response, sent);
  };

  describe(`${codec.runtime} queue codec`, () => {
    it("delivers handle, body and receive count", async () => {
      const [got] = await receive([
        { handle: "m-1", body: encodeEnvelope(envelope), receiveCount: 4 },
      ]);
      expect(got).toMatchObject({ handle: "m-1", receiveCount: 4 });
      expect(decodeEnvelope(got?.body ?? "")).toEqual(envelope);
    });

    it("delivers any JSON body unchanged", async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
          const body = JSON.stringify({ ...envelope, body: value });
          const [got] = await receive([{ handle: "m-1", body, receiveCount: 1 }]);
          expect(JSON.parse(got?.body ?? "")).toEqual(JSON.parse(body));
        }),
        { numRuns: 50 },
      );
    });

    it.each(Object.entries({ ...buses, "as it is": raw }))(
      "delivers any event of a topic as it was published: %s",
      async (_, form) => {
        await fc.assert(
          fc.asyncProperty(anyEvent, async (event) => {
            const [got] = await receiveNative(form(event, "m-1"));
            expect(got?.handle).toBe("m-1");
            expect(decodeCloudEvent(got?.body ?? "")).toEqual(event);
          }),
          { numRuns: 50 },
        );
      },
    );

    it("leaves a message alone that only quotes what a bus writes", async () => {
      const quoted = Object.values(buses).map((form) => JSON.stringify(form(anEvent("e-1"), "m")));
      const body = encodeEnvelope({ ...envelope, body: ["TopicArn", "detail-type", ...quoted] });
      const [got] = await receive([{ handle: "m-1", body, receiveCount: 1 }]);
      expect(JSON.parse(got?.body ?? "")).toEqual(JSON.parse(body));
    });

    it.each(Object.entries(undecodable))("hands over what is no envelope: %s", async (_, body) => {
      const [got] = await receive([{ handle: "m-1", body, receiveCount: 1 }]);
      expect(got?.handle).toBe("m-1");
      expect(() => decodeEnvelope(got?.body ?? "")).toThrow("queue.decode");
    });

    it("lets the broker forget what is done and keep what is not", async () => {
      const one = messages(1);
      expect(await settle(one, () => true)).toEqual([{ handle: "m-0", done: true }]);
      expect(await settle(one, () => false)).toEqual([{ handle: "m-0", done: false }]);
    });

    it("reports exactly the failed messages of a full batch", async () => {
      const batch = messages(codec.maxBatch);
      const settled = await settle(batch, (handle) => handle !== "m-0");
      expect(settled).toEqual(batch.map(({ handle }) => ({ handle, done: handle !== "m-0" })));
    });

    it("settles nothing when the function throws", async () => {
      const batch = messages(codec.maxBatch);
      const response = await carry(codec.emulate("to-crm", batch), () => {
        throw new Error("planned");
      });
      expect(codec.render(response, batch).every(({ done }) => !done)).toBe(true);
    });
  });
}

function messages(count: number): Delivery[] {
  return Array.from({ length: count }, (_, index) => ({
    handle: `m-${index}`,
    body: encodeEnvelope({ ...envelope, id: `e-${index}` }),
    receiveCount: 1,
  }));
}
