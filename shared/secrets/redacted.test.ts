import { format, inspect } from "node:util";
import { expect, it } from "vitest";
import { Redacted } from "./redacted.ts";

const canary = "canary-3f9a";

it("shows itself in no way but by reveal", () => {
  const secret = new Redacted(canary);
  const shown = [
    String(secret),
    "".concat(String(secret)),
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }, { depth: 9, showHidden: true }),
    format("%s %o %O %j", secret, secret, secret, secret),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(Object.assign({}, secret)),
    inspect(new Error("failed", { cause: secret })),
    inspect(structuredClone(secret)),
  ];
  for (const text of shown) expect(text).not.toContain(canary);
  expect(String(secret)).toBe("[secret]");
  expect(secret.reveal()).toBe(canary);
});
