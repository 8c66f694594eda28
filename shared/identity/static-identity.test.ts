import { inspect } from "node:util";
import { expect, it } from "vitest";
import { staticIdentity } from "./static-identity.ts";

const one = { tenant: "a", subject: "first" };
const two = { tenant: "b", subject: "second" };
const driver = staticIdentity({ "token-one": one, "token-two": two, "": one });

it("knows exactly its tokens", () => {
  expect(driver.identify("token-one")).toEqual(one);
  expect(driver.identify("token-two")).toEqual(two);
  for (const wrong of ["", "token", "token-one ", "TOKEN-ONE", "token-onetoken-one", "\0"]) {
    expect(driver.identify(wrong)).toBeUndefined();
  }
});

it("keeps no token in memory that could be printed", () => {
  expect(inspect(driver, { depth: 9, showHidden: true })).not.toContain("token-one");
});
