import { seededRandom } from "#shared/testing";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { childOf, formatTraceparent, parseTraceparent } from "./trace-context.ts";

const valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .string({
      unit: fc.constantFrom(..."0123456789abcdef".split("")),
      minLength: length,
      maxLength: length,
    })
    .filter((id) => /[1-9a-f]/.test(id));

it("reads what it wrote", () => {
  const context = fc.record({ traceId: hex(32), spanId: hex(16), sampled: fc.boolean() });
  fc.assert(
    fc.property(context, (span) => {
      expect(parseTraceparent(formatTraceparent(span))).toEqual(span);
    }),
  );
});

// The examples of https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers and its rules.
it("reads what the specification calls valid", () => {
  expect(parseTraceparent(valid)?.sampled).toBe(true);
  expect(parseTraceparent(valid.replace(/01$/, "00"))?.sampled).toBe(false);
  expect(parseTraceparent(valid.replace(/01$/, "09"))?.sampled).toBe(true);
  const later = `${valid.replace(/^00/, "cc")}-what-the-future-brings`;
  expect(parseTraceparent(later)?.spanId).toBe("00f067aa0ba902b7");
});

it("reads nothing from what it calls invalid", () => {
  const invalid = [
    undefined,
    "",
    valid.toUpperCase(),
    valid.replace(/^00/, "ff"),
    `${valid}-more`,
    `${valid}.more`,
    valid.slice(0, -1),
    valid.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
    valid.replace("00f067aa0ba902b7", "0".repeat(16)),
    `${valid},${valid}`,
  ];
  for (const text of invalid) expect(parseTraceparent(text)).toBeUndefined();
});

it("makes a child in the parent's trace, or a new sampled trace", () => {
  const random = seededRandom(1);
  const parent = childOf(undefined, random);
  expect(parseTraceparent(formatTraceparent(parent))).toEqual({ ...parent, sampled: true });
  const child = childOf({ ...parent, sampled: false }, random);
  expect(child).toMatchObject({ traceId: parent.traceId, sampled: false });
  expect(child.spanId).not.toBe(parent.spanId);
  const zeros = { ...random, bytes: (length: number) => new Uint8Array(length) };
  expect(parseTraceparent(formatTraceparent(childOf(undefined, zeros)))).toBeDefined();
});
