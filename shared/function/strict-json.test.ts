import { Fault } from "#shared/errors";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { parseJson, sentJson } from "./strict-json.ts";

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

describe("sentJson", () => {
  const schema = z.json();
  it("gives what the receiver will read", () => {
    const sent = sentJson({ at: new Date(0), gone: undefined }, schema, "body");
    expect(sent).toEqual({ ok: true, json: { at: "1970-01-01T00:00:00.000Z" } });
  });

  it.each([
    ["nothing", undefined, schema, "body is nothing JSON carries"],
    ["a name that readers drop", JSON.parse('[{"__proto__":1}]'), schema, "__proto__"],
    ["what is too deep once it is wrapped", JSON.parse(nested(64)), schema, "nested deeper"],
    ["what the schema refuses", { id: 1 }, z.object({ id: z.string() }), "id does not fit"],
  ])("refuses %s", (_, value, against, why) => {
    const problem: unknown = expect.stringContaining(why);
    expect(sentJson(value, against, "body")).toEqual({ ok: false, problem });
  });
});
