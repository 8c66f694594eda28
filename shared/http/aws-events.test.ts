import { EventStreamCodec } from "@smithy/core/event-streams";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AwsEvent, awsEvents } from "./aws-events.ts";

const codec = new EventStreamCodec(
  (bytes: string | Uint8Array) => Buffer.from(bytes).toString("utf8"),
  (text: string) => Buffer.from(text),
);

async function read(bytes: Uint8Array, size: number): Promise<AwsEvent[]> {
  async function* torn(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const events: AwsEvent[] = [];
  for await (const event of awsEvents(torn())) events.push(event);
  return events;
}

const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text !== "__proto__");
const value = fc.oneof(
  fc.string().map((text) => ({ type: "string" as const, value: text })),
  fc.boolean().map((flag) => ({ type: "boolean" as const, value: flag })),
  fc.integer({ min: -128, max: 127 }).map((byte) => ({ type: "byte" as const, value: byte })),
  fc.uint8Array().map((bytes) => ({ type: "binary" as const, value: bytes })),
  fc.date({ noInvalidDate: true }).map((date) => ({ type: "timestamp" as const, value: date })),
);
const message = fc.record({
  headers: fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }),
  body: fc.uint8Array({ maxLength: 300 }),
});

describe("an AWS event stream", () => {
  it("is read as AWS's own codec writes it, wherever it is torn", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 4 }),
        fc.integer({ min: 1, max: 40 }),
        async (messages, size) => {
          const bytes = Buffer.concat(messages.map((one) => codec.encode(one)));
          const texts = messages.map(({ headers, body }) => ({
            headers: Object.fromEntries(
              Object.entries(headers).flatMap(([key, { type, value: content }]) =>
                type === "string" ? [[key, content]] : [],
              ),
            ),
            payload: Buffer.from(body),
          }));
          const found = await read(bytes, size);
          expect(
            found.map(({ headers, payload }) => ({ headers, payload: Buffer.from(payload) })),
          ).toEqual(texts);
        },
      ),
    );
  });

  const whole = codec.encode({
    headers: { ":event-type": { type: "string", value: "PayloadChunk" } },
    body: Buffer.from("hello"),
  });

  it("is refused with any bit flipped and at any cut", async () => {
    const broken = { code: "unavailable", origin: "upstream" };
    for (let at = 0; at < whole.length; at++) {
      const flipped = Uint8Array.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await expect(read(flipped, 7)).rejects.toMatchObject(broken);
    }
    for (let length = 1; length < whole.length; length++) {
      await expect(read(whole.subarray(0, length), 7)).rejects.toMatchObject(broken);
    }
  });
});
