import * as fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

it("is JSON of the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("does not depend on the order of members", () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
});

it("refuses what is nested too deep, naming the place", () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100; level += 1) deep = [deep];
  expect(() => canonicalJson(deep)).toThrow(/nested too deep/);
  expect(() => canonicalJson({ at: [1, { when: new Date(0) }] })).toThrow(/value\.at\.1\.when/);
});
