import { type Envelope, decodeEnvelope, encodeEnvelope } from "#shared/queue";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Delivery, QueueCodec, Settlement } from "./codecs.ts";
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

/**
 * The contract of every cloud's queue edge: envelopes arrive as they were sent, what is none arrives too, and
 * the broker hears of each delivery exactly what became of it.
 */
export function queueCodecConformance<Event, Result, NativeRequest, NativeResponse>(
  codec: QueueCodec<Event, Result, NativeRequest, NativeResponse>,
  carry: Carry<Event, Result, NativeRequest, NativeResponse>,
): void {
  const receive = async (sent: readonly Delivery[]): Promise<readonly Delivery[]> => {
    let seen: readonly Delivery[] = [];
    await carry(codec.emulate("to-crm", sent), (event) => {
      seen = codec.decode(event);
      return codec.encode(seen.map(({ handle }) => ({ handle, done: true })));
    });
    return seen;
  };
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
