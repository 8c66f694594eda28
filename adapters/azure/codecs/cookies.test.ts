import { describe, expect, it } from "vitest";
import { formatSetCookie, parseSetCookie } from "./cookies.ts";

describe("parseSetCookie", () => {
  it("keeps the case of the name and everything after the first equals sign", () => {
    expect(parseSetCookie("Session=abc==")).toEqual({ name: "Session", value: "abc==" });
  });

  it("reads every attribute, whatever its case", () => {
    const line =
      "k=v; EXPIRES=Wed, 21 Oct 2037 07:28:00 GMT; max-age=60; Domain=fn.example; path=/v1; SECURE; httponly; samesite=strict";
    expect(parseSetCookie(line)).toEqual({
      name: "k",
      value: "v",
      expires: new Date("2037-10-21T07:28:00Z"),
      maxAge: 60,
      domain: "fn.example",
      path: "/v1",
      secure: true,
      httpOnly: true,
      sameSite: "Strict",
    });
  });

  it("unescapes a value, because the host escapes it again", () => {
    expect(parseSetCookie("v=a%3Db").value).toBe("a=b");
    expect(parseSetCookie("v=100%").value).toBe("100%");
  });

  it("moves a deletion off the epoch, which the library would drop", () => {
    const { expires } = parseSetCookie("gone=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    expect(expires).toEqual(new Date(1000));
  });

  it.each([
    "Session",
    "=value",
    "k=v; Partitioned",
    "k=v; Max-Age=soon",
    "k=v; Expires=soon",
    "k=v; SameSite=Sometimes",
  ])("refuses %s, which Azure cannot send", (line) => {
    expect(() => parseSetCookie(line)).toThrow("azure.cookie: Azure cannot send");
  });
});

describe("formatSetCookie", () => {
  it("writes the line as the host does", () => {
    const cookie = { name: "Id", value: "plus+slash/eq=;%(!)", sameSite: "explicitNone" } as const;
    expect(formatSetCookie({ ...cookie, secure: { value: true }, maxAge: { value: 0 } })).toBe(
      "Id=plus%2Bslash%2Feq%3D%3B%25%28%21%29; max-age=0; path=/; secure; samesite=none",
    );
  });
});
