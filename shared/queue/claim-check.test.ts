import { memoryBlobs } from "#shared/blob";
import { FakeClock, seededRandom } from "#shared/testing";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import { dropBody, leaveBody, takeBody } from "./claim-check.ts";
import { decodeEnvelope, encodeEnvelope } from "./codec.ts";
import type { Envelope } from "./envelope.ts";

const { signal } = new AbortController();
const scope = { tenant: "acme", traceparent: "", event: undefined, signal };
const envelope: Envelope = {
  v: 1,
  id: "same",
  attempt: 1,
  enqueuedAtMs: 1,
  tenant: "acme",
  body: null,
};

function ports() {
  const clock = new FakeClock();
  return { blob: memoryBlobs(clock), clock, random: seededRandom(7) };
}

// Senders refuse a member of this name, as every reader does.
const anyBody = fc.jsonValue().filter((value) => !JSON.stringify(value).includes("__proto__"));

it("gives back any body that was left, by the envelope alone", async () => {
  const own = ports();
  await fc.assert(
    fc.asyncProperty(fc.array(anyBody, { minLength: 1, maxLength: 3 }), async (values) => {
      const left = await Promise.all(
        values.map((value) => {
          const body = z.json().parse(JSON.parse(JSON.stringify(value)));
          return leaveBody({ ...envelope, body }, own, scope);
        }),
      );
      const carried = left.map((one) => decodeEnvelope(encodeEnvelope(one)));
      const taken = await Promise.all(carried.map((one) => takeBody(one, own, scope)));
      const bodies: unknown = JSON.parse(JSON.stringify(values));
      expect(taken.map((one) => (one.kind === "body" ? one.body : one))).toEqual(bodies);
    }),
  );
});

it("leaves a body alone that the envelope carries", async () => {
  const own = ports();
  const small = { ...envelope, body: { text: "small" } };
  expect(await takeBody(small, own, scope)).toEqual({ kind: "body", body: { text: "small" } });
  await dropBody(small, own, scope);
  const listing = { bucket: "claims", prefix: "", after: undefined, limit: 9 };
  expect(await own.blob.list(listing, undefined)).toEqual([]);
});

it("tells a handled message from one whose body is lost, and no tenant has another's", async () => {
  const own = ports();
  const left = await leaveBody({ ...envelope, body: [1] }, own, scope);
  expect(await takeBody(left, own, { ...scope, tenant: "other" })).toMatchObject({ kind: "lost" });
  await dropBody(left, own, scope);
  expect(await takeBody(left, own, scope)).toEqual({ kind: "handled" });
});
