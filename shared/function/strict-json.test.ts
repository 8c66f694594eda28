import { Fault } from "#shared/errors";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./strict-json.ts";

const parse = (text: string): unknown => parseJson(text, { name: "test.body" });
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (Fault.is(error) && error.code === "invalid_argument" && error.origin === "caller") {
      return error.message;
    }
    throw error;
  }
  return "accepted";
}

describe("parseJson", () => {
  it("reads what JSON.parse reads", () => {
    const json = fc
      .jsonValue({ maxDepth: 8 })
      .filter((value) => !JSON.stringify(value).includes("__proto__"));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', "twice"],
    ['{"a":1,"\\u0061":2}', "twice"],
    ['{"x":[{"a":1},{"b":{"a":1,"c":2,"a":3}}]}', "twice"],
    ['{"__proto__":{"admin":true}}', "__proto__"],
    ['{"\\u005f_proto__":{}}', "__proto__"],
    ['[{"a":{"__proto__" \n: null}}]', "__proto__"],
    [nested(65), "nested"],
    [nested(100_000), "nested"],
    ["", "not JSON"],
    ["{", "not JSON"],
    ["{'a':1}", "not JSON"],
    ["NaN", "not JSON"],
    ['{"a":1}{"b":2}', "not JSON"],
    ["\ufeff{}", "not JSON"],
  ])("refuses %.40s", (text, why) => {
    expect(messageOf(text)).toContain(why);
  });

  it.each([
    nested(64),
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":"\\"a\\":{[","b":["\\\\",":"]}',
    '{"constructor":1,"a":"__proto__"}',
    '"just text"',
  ])("accepts %.40s", (text) => {
    expect(messageOf(text)).toBe("accepted");
  });
});
