import * as fc from "fast-check";
import { expect, it } from "vitest";
import { formatFieldPath, isWithin, parseFieldPath } from "./field-path.ts";

it("comes back as it went", () => {
  const names = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(names, (path) => {
      expect(parseFieldPath(formatFieldPath(path))).toEqual(path);
    }),
  );
});

it.each([
  ["address.city", ["address", "city"]],
  ["`a.b`.c", ["a.b", "c"]],
  ["`x\\`y\\\\`", ["x`y\\"]],
])("%s", (text, names) => {
  expect(parseFieldPath(text)).toEqual(names);
});

it.each(["", ".", "a.", ".a", "a b", "1a", "a..b", "``", "`a", "`a`b", "a-b", "`a\\b`"])(
  "%j is none",
  (text) => {
    expect(() => parseFieldPath(text)).toThrow(
      expect.objectContaining({ code: "invalid_argument", origin: "caller" }),
    );
  },
);

it.each([
  ["a", true],
  ["a.b", true],
  ["b.c", true],
  ["b.c.d", true],
  ["b", false],
  ["ab", false],
  ["`a.b`", false],
])("a and b.c hold %s: %s", (text, expected) => {
  expect(isWithin([["a"], ["b", "c"]], parseFieldPath(text))).toBe(expected);
});
