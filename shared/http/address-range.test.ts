import { describe, expect, it } from "vitest";
import { addressRange } from "./address-range.ts";

describe("a range of addresses", () => {
  it.each([
    ["192.0.2.0/24", "192.0.2.0", true],
    ["192.0.2.0/24", "192.0.2.255", true],
    ["192.0.2.0/24", "192.0.3.0", false],
    ["192.0.2.77/24", "192.0.2.1", true],
    ["0.0.0.0/0", "203.0.113.1", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["198.51.100.7/32", "::ffff:198.51.100.7", true],
    ["2001:db8::/32", "2001:0DB8:ffff::1", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["::/0", "192.0.2.1", false],
    ["192.0.2.0/24", "", false],
    ["192.0.2.0/24", "192.0.2", false],
    ["192.0.2.0/24", "192.0.2.1, 192.0.2.2", false],
    ["192.0.2.0/24", "0xc0000201", false],
  ])("%s has %s: %s", (range, address, within) => {
    expect(addressRange(range)?.has(address)).toBe(within);
  });

  it.each(["", "192.0.2.0", "192.0.2.0/33", "192.0.2/24", "2001:db8::/129", "a/8", "192.0.2.0/-1"])(
    "is not %j",
    (text) => {
      expect(addressRange(text)).toBeUndefined();
    },
  );

  it("tells how narrow it is", () => {
    expect([addressRange("192.0.2.0/24")?.bits, addressRange("::/0")?.bits]).toEqual([24, 0]);
  });
});
