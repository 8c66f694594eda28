import { describe, expect, it } from "vitest";
import { clientAddress } from "./forwarded-for.ts";

describe("clientAddress", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7:5678", "203.0.113.7"],
    ["2001:db8::1", "2001:db8::1"],
    ["[2001:db8::1]:5678", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["198.51.100.1, 203.0.113.7:5678", "203.0.113.7"],
  ])("reads %s", (header, expected) => {
    expect(clientAddress(header)).toBe(expected);
  });

  it("does not believe what the caller wrote in front of the provider's entry", () => {
    expect(clientAddress("10.0.0.1,203.0.113.7")).toBe("203.0.113.7");
  });

  it.each([undefined, "", "unknown", "203.0.113.7, unknown", "203.0.113.700:80", "[x]:1"])(
    "gives nothing for %s",
    (header) => {
      expect(clientAddress(header)).toBeUndefined();
    },
  );
});
