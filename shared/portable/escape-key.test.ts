import * as fc from "fast-check";
import { expect, it } from "vitest";
import { escapeKey, prefixEnd, unescapeKey } from "./escape-key.ts";

const text = fc.string({ unit: "binary" });
const bytes = (value: string): Buffer => Buffer.from(value);

it("keeps the byte order of any two keys", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [left, right] = [escapeKey(a), escapeKey(b)];
      const order = left < right ? -1 : left > right ? 1 : 0;
      expect(order).toBe(Math.sign(Buffer.compare(bytes(a), bytes(b))));
    }),
  );
});

it("stays in the alphabet of every store and can be undone", () => {
  fc.assert(
    fc.property(text, (key) => {
      const escaped = escapeKey(key);
      expect(escaped).toMatch(/^[A-Za-z0-9._~-]*$/);
      expect(unescapeKey(escaped)).toBe(key);
    }),
  );
});

it("refuses to undo what is no escaped text", () => {
  for (const wrong of ["~ff", "é", "~c3"]) expect(() => unescapeKey(wrong)).toThrow(TypeError);
});

it("bounds a prefix exactly", () => {
  fc.assert(
    fc.property(text, text, (prefix, key) => {
      const [from, at] = [escapeKey(prefix), escapeKey(key)];
      const inside = at >= from && at < prefixEnd(from);
      expect(inside).toBe(bytes(key).subarray(0, bytes(prefix).length).equals(bytes(prefix)));
    }),
  );
});
