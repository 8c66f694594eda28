import * as fc from "fast-check";
import { expect, it } from "vitest";
import { partitionKey } from "./keys.ts";

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
