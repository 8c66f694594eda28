import { expect, it } from "vitest";
import { bearerToken } from "./bearer-token.ts";

it("reads the token whatever the case of the scheme", () => {
  for (const scheme of ["Bearer", "bearer", "BEARER"]) {
    expect(bearerToken({ authorization: `${scheme} aZ0-._~+/==` })).toBe("aZ0-._~+/==");
  }
});

it("finds no token in anything else", () => {
  const values = [
    "",
    "Bearer",
    "Bearer ",
    "Basic abc",
    "Bearer a b",
    "Bearer a, Bearer b",
    "xBearer a",
  ];
  for (const authorization of values) expect(bearerToken({ authorization })).toBeUndefined();
  expect(bearerToken({})).toBeUndefined();
});
