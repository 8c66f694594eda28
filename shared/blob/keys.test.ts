import * as fc from "fast-check";
import { expect, it } from "vitest";
import { tenantKeys } from "./keys.ts";

const key = fc.string({ unit: "binary", minLength: 1, maxLength: 100 });
const tenant = fc.string({ minLength: 1, maxLength: 20 });

it("gives each tenant's keys a place of their own, and back", () => {
  fc.assert(
    fc.property(tenant, key, tenant, key, (a, b, c, d) => {
      const [first, second] = [tenantKeys(a), tenantKeys(c)];
      expect(first.logical(first.physical(b))).toBe(b);
      expect(first.physical(b) === second.physical(d)).toBe(a === c && b === d);
    }),
  );
});

it("finds by a prefix the tenant's own keys that begin so, and no others", () => {
  fc.assert(
    fc.property(
      tenant,
      tenant,
      key,
      fc.string({ unit: "binary", maxLength: 3 }),
      (a, c, b, prefix) => {
        const found = tenantKeys(c).physical(b).startsWith(tenantKeys(a).prefix(prefix));
        const begins = Buffer.from(b).subarray(0, Buffer.byteLength(prefix));
        expect(found).toBe(a === c && begins.equals(Buffer.from(prefix)));
      },
    ),
  );
});

it("refuses what is no key", () => {
  const keys = tenantKeys("t");
  for (const wrong of ["", "\ud800", "x".repeat(701), "é".repeat(120)]) {
    expect(() => keys.physical(wrong)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  }
  expect(() => keys.prefix("\ud800")).toThrow(/well-formed/);
  expect(() => tenantKeys("x".repeat(299))).toThrow(/tenant/);
});
