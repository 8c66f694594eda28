import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeFields,
  decodeValue,
  encodeFields,
  encodeValue,
  type Fields,
  type References,
  type Value,
  VendorValue,
} from "./value.ts";

const prefix = "projects/p/databases/d/documents/";
const references: References = {
  toName: (path) => prefix + path,
  toPath: (name) => name.slice(prefix.length),
};

const name = fc
  .string({ minLength: 1, maxLength: 8 })
  .filter((text) => !/^__.*__$/.test(text) && text !== "__proto__");

/** Everything that Firestore can say, in the one form in which we say it. */
const { value } = fc.letrec<{ value: Value; item: Value; map: Fields }>((tie) => {
  const leaf: fc.Arbitrary<Value>[] = [
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.constantFrom("NaN", "Infinity", "-Infinity", "-0").map(($double) => ({ $double })),
    fc
      .bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })
      .map((number) => ({ $integer: String(number) })),
    fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => ({ $timestamp: date.toISOString() })),
    fc.uint8Array().map((bytes) => ({ $bytes: Buffer.from(bytes).toString("base64") })),
    fc
      .record({
        latitude: fc.integer({ min: -90, max: 90 }),
        longitude: fc.integer({ min: -180, max: 180 }),
      })
      .map(($geo) => ({ $geo })),
    fc.constant({ $reference: "orders/o-1" }),
    fc.array(fc.integer(), { minLength: 1 }).map(($vector) => ({ $vector })),
  ];
  return {
    map: fc.dictionary(name, tie("value"), { maxKeys: 3 }),
    item: fc.oneof({ depthSize: "small" }, ...leaf, mapOf(tie("map"))),
    value: fc.oneof(
      { depthSize: "small" },
      ...leaf,
      mapOf(tie("map")),
      fc.array(tie("item"), { maxLength: 3 }),
    ),
  };
});

function mapOf(map: fc.Arbitrary<Fields>): fc.Arbitrary<Value> {
  return map.map((fields) => {
    const [only, ...others] = Object.keys(fields);
    return only?.startsWith("$") === true && others.length === 0 ? { $map: fields } : fields;
  });
}

describe("a value", () => {
  it("comes back as it went", () => {
    fc.assert(
      fc.property(value, (given) => {
        const sent = JSON.parse(JSON.stringify(encodeValue(given, references))) as unknown;
        const back = decodeValue(VendorValue.parse(sent), references);
        // JSON knows no negative zero; Firestore takes it for zero.
        const expected: unknown = JSON.parse(
          JSON.stringify(given).replaceAll('{"$double":"-0"}', "0"),
        );
        expect(back).toEqual(expected);
      }),
    );
  });

  it.each<[Value, object]>([
    [1, { integerValue: "1" }],
    [1.5, { doubleValue: 1.5 }],
    [1e300, { doubleValue: 1e300 }],
    [{ $double: 5 }, { doubleValue: 5 }],
    [{ $double: "-0" }, { doubleValue: -0 }],
    [{ $integer: "-9223372036854775808" }, { integerValue: "-9223372036854775808" }],
    [null, { nullValue: "NULL_VALUE" }],
    [{ $reference: "a/b" }, { referenceValue: `${prefix}a/b` }],
    [
      { a: 1, $b: 2 },
      { mapValue: { fields: { a: { integerValue: "1" }, $b: { integerValue: "2" } } } },
    ],
  ])("%j is %j", (given, expected) => {
    expect(encodeValue(given, references)).toEqual(expected);
  });

  it.each<[VendorValue, Value]>([
    [{ integerValue: 7 }, 7],
    [{ doubleValue: 5 }, 5],
    [{ doubleValue: -0 }, { $double: "-0" }],
    [{ nullValue: null }, null],
    [{ nullValue: 0 }, null],
    [{ geoPointValue: { longitude: 4 } }, { $geo: { latitude: 0, longitude: 4 } }],
    [{ arrayValue: {} }, []],
    [{ mapValue: {} }, {}],
  ])("%j is read as %j", (given, expected) => {
    expect(decodeValue(given, references)).toEqual(expected);
  });

  it.each<[string, Fields, string]>([
    ["a list in a list", { a: [[1]] }, "fields.a.0"],
    ["a name that is kept", { a: { __id__: 1 } }, "fields.a.__id__"],
    ["an unknown type", { a: { $date: "x" } }, "fields.a"],
    ["a number that is no integer", { a: [{ $integer: "1.5" }] }, "fields.a.0"],
    ["an integer beyond 64 bits", { a: { $integer: "9223372036854775808" } }, "fields.a"],
    ["a time that is none", { a: { $timestamp: "yesterday" } }, "fields.a"],
    ["bytes that are none", { a: { $bytes: "*" } }, "fields.a"],
    ["a place off the earth", { a: { $geo: { latitude: 91, longitude: 0 } } }, "fields.a"],
  ])("is refused: %s", (_, fields, field) => {
    expect(() => encodeFields(fields, references)).toThrow(
      expect.objectContaining({ code: "invalid_argument", origin: "caller", details: { field } }),
    );
  });

  it("is refused beyond twenty levels, as Firestore does", () => {
    const nested = (levels: number): Fields => (levels === 0 ? {} : { a: nested(levels - 1) });
    expect(decodeFields(encodeFields(nested(20), references), references)).toEqual(nested(20));
    expect(() => encodeFields(nested(21), references)).toThrow(/deeper than 20/);
  });

  it("of an unknown kind is no guess", () => {
    expect(() => decodeValue({ pipelineValue: {} }, references)).toThrow(
      expect.objectContaining({ code: "internal", origin: "upstream" }),
    );
  });
});
