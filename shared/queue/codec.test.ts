import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decodeEnvelope, encodeEnvelope, nextAttempt } from "./codec.ts";

const envelope = fc.record({
  v: fc.constant(1 as const),
  id: fc.string({ minLength: 1 }),
  attempt: fc.integer({ min: 1, max: 1000 }),
  enqueuedAtMs: fc.maxSafeNat(),
  tenant: fc.string({ minLength: 1 }),
  body: fc.constantFrom(null, "", 0, [1, { a: [] }], { text: "é\u0000" }),
});

it("reads what it wrote", () => {
  fc.assert(
    fc.property(envelope, (written) => {
      expect(decodeEnvelope(encodeEnvelope(written))).toEqual(written);
      expect(nextAttempt(written)).toEqual({ ...written, attempt: written.attempt + 1 });
    }),
  );
});

it("refuses what is no envelope without repeating its content", () => {
  const texts = ["", "{", "null", "[]", '{"v":2}', '{"v":1,"id":"x","attempt":0,"body":"canary"}'];
  for (const text of texts) {
    expect(() => decodeEnvelope(text)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
    expect(() => decodeEnvelope(text)).not.toThrow(/canary/);
  }
});
