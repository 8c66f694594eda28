import { decodeEnvelope, encodeEnvelope } from "#shared/queue";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import { decodeCloudEvent, encodeCloudEvent, EventText } from "./cloud-event.ts";
import { anEvent, anyEvent } from "./conformance/any-event.ts";
import { envelopeOf, EventMessage } from "./event-message.ts";

const event = anEvent("A234-1234-1234");

it("reads what it wrote", () => {
  fc.assert(
    fc.property(anyEvent, (written) => {
      expect(decodeCloudEvent(encodeCloudEvent(written))).toEqual(written);
    }),
  );
});

it("keeps attribute names to what CloudEvents allows", () => {
  fc.assert(
    fc.property(anyEvent, (written) => {
      const names = Object.keys(z.looseObject({}).parse(JSON.parse(encodeCloudEvent(written))));
      for (const name of names) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    }),
  );
});

it("reads an event that a bus wrote anew: other order, other precision, more attributes", () => {
  const { data, ...attributes } = event;
  const text = JSON.stringify({
    data,
    ...attributes,
    time: "2018-04-05T17:31:00.1234567+00:00",
    partitionkey: "7",
  });
  expect(decodeCloudEvent(text)).toEqual({ ...event, time: "2018-04-05T17:31:00.1234567+00:00" });
});

it("refuses what is no event of ours without repeating its content", () => {
  const { auteritytenant: _, ...foreign } = event;
  const { data: __, ...empty } = event;
  const others = [
    foreign,
    empty,
    { ...event, specversion: "0.3" },
    { ...event, id: "" },
    { ...event, time: "canary" },
    { ...event, time: "2026-13-01T00:00:00Z" },
    { ...event, time: "2026-01-01" },
  ];
  const texts = [
    "",
    "{",
    "null",
    "[]",
    '"canary"',
    ...others.map((other) => JSON.stringify(other)),
  ];
  for (const text of texts) {
    const decode = (): unknown => decodeCloudEvent(text);
    expect(decode).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    expect(decode).not.toThrow(/canary/);
  }
});

it("becomes an envelope that says the same", () => {
  fc.assert(
    fc.property(anyEvent, (written) => {
      const envelope = decodeEnvelope(encodeEnvelope(envelopeOf(written)));
      expect(envelope).toMatchObject({
        id: written.id,
        attempt: 1,
        tenant: written.auteritytenant,
      });
      expect(envelope.enqueuedAtMs).toBe(Date.parse(written.time));
      expect([envelope.traceparent, envelope.event]).toEqual([
        written.traceparent,
        written.auterityevent,
      ]);
      const { type, source, subject, data } = written;
      expect(EventMessage.parse(envelope.body)).toEqual({
        type,
        source,
        ...(subject === undefined ? {} : { subject }),
        data,
      });
    }),
  );
});

it.each(["", "a\u0000", "a\u009f", "\ud800", "\ufffe", "\ufdd0", "é".repeat(513)])(
  "takes no attribute that CloudEvents or Pub/Sub would refuse: %j",
  (text) => expect(EventText.safeParse(text).success).toBe(false),
);
