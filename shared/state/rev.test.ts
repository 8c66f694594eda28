import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decodeRev, encodeRev } from "./rev.ts";

const rev = "0198a0b1c2d3-0004-89abcdef";

it("carries any handle through and back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (handle) => {
      expect(decodeRev(encodeRev({ rev, handle }))).toEqual({ rev, handle });
    }),
  );
  expect(encodeRev({ rev, handle: rev })).toBe(rev);
});

it("refuses a text that is no revision as the caller's fault", () => {
  for (const text of ["", "any", `${rev}.`, `${rev}.a b`, `x${rev}`]) {
    expect(() => decodeRev(text)).toThrow(expect.objectContaining({ origin: "caller" }));
  }
});
