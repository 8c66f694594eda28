import { describe, expect, it } from "vitest";
import { checkHeaders } from "./check-headers.ts";

describe("checkHeaders", () => {
  it("lets through what HTTP can carry", () => {
    checkHeaders({ headers: { "x-own": "a b\tc", location: "/é" }, cookies: ["a=1; Path=/"] });
    expect(() => checkHeaders({ headers: {}, cookies: [] })).not.toThrow();
  });

  it.each([
    [{ "x own": "1" }, []],
    [{ "x-own": "one\nsecret" }, []],
    [{ "x-own": "secret 😀" }, []],
    [{}, ["a=secret\r\nx: 1"]],
  ])("refuses %j %j without quoting the value", (headers, cookies) => {
    expect(() => checkHeaders({ headers, cookies })).toThrow(
      /^host\.headers: "[^"]*" cannot be sent/,
    );
    expect(() => checkHeaders({ headers, cookies })).not.toThrow("secret");
  });
});
