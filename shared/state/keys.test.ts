import * as fc from "fast-check";
import { expect, it } from "vitest";
import { escapeKey, partitionKey, prefixEnd } from "./keys.ts";

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
      const hex = escaped.replaceAll(
        /[-.A_~]([0-9a-f]{2})|(.)/g,
        (_, code: string, plain: string) => code ?? bytes(plain).toString("hex"),
      );
      expect(Buffer.from(hex, "hex").toString()).toBe(key);
    }),
  );
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

it("never joins two tenants' partitions", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 4, maxLength: 4 }),
      (parts) => {
        const [a = "", b = "", c = "", d = ""] = parts;
        fc.pre(a !== c || b !== d);
        expect(partitionKey(a, b)).not.toBe(partitionKey(c, d));
      },
    ),
  );
});
