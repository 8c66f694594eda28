import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { BYTES_PER_UNIT, schemaSize } from "./schema-size.ts";

function size(schema: z.ZodType, perUnit: number = BYTES_PER_UNIT.escapes) {
  return schemaSize(schema, { io: "output", perUnit });
}

const bounded = z.object({
  text: z.string().max(12),
  count: z.int(),
  ratio: z.number(),
  level: z.int().min(-5).max(120),
  kind: z.enum(["short", "much-longer"]),
  tags: z.array(z.string().max(3)).max(4),
  pair: z.tuple([z.boolean(), z.null()]),
  either: z.union([z.literal("no"), z.object({ yes: z.string().max(2) })]),
  perKind: z.partialRecord(z.enum(["a", "b"]), z.int()),
  maybe: z.uuid().nullish(),
});

const values = fc.record({
  text: fc.string({ unit: "binary", maxLength: 12 }).filter((text) => text.length <= 12),
  count: fc.maxSafeInteger(),
  ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
  level: fc.integer({ min: -5, max: 120 }),
  kind: fc.constantFrom("short" as const, "much-longer" as const),
  tags: fc.array(
    fc.string({ unit: "binary", maxLength: 3 }).filter((text) => text.length <= 3),
    { maxLength: 4 },
  ),
  pair: fc.tuple(fc.boolean(), fc.constant(null)),
  either: fc.oneof(
    fc.constant("no" as const),
    fc.record({ yes: fc.constantFrom("\u0000\u0001", "\ud800", "é") }),
  ),
  perKind: fc.record({ a: fc.maxSafeInteger(), b: fc.maxSafeInteger() }, { requiredKeys: [] }),
  maybe: fc.oneof(fc.uuid(), fc.constant(null)),
});

describe("the size of a schema", () => {
  it("is never less than that of a value it takes", () => {
    const { bytes, bounded: isBounded } = size(bounded);
    expect(isBounded).toBe(true);
    fc.assert(
      fc.property(values, (value) => {
        expect(Buffer.byteLength(JSON.stringify(bounded.parse(value)))).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  it("is that of the largest value", () => {
    const small = z.object({ a: z.string().max(2), b: z.array(z.int().min(0).max(9)).max(3) });
    expect(size(small)).toEqual({
      bytes: JSON.stringify({ a: "\u0000\u0001", b: [1, 2, 3] }).length,
      bounded: true,
    });
    expect(size(small, BYTES_PER_UNIT.text).bytes).toBe(
      Buffer.byteLength(JSON.stringify({ a: "€€", b: [1, 2, 3] })),
    );
  });

  it.each([
    ["text without a maximum", z.string()],
    ["a list without a maximum", z.array(z.int())],
    ["anything", z.unknown()],
    ["a record of any keys", z.record(z.string(), z.int())],
    ["members of any name", z.looseObject({ a: z.int() })],
    [
      "a transform",
      z
        .string()
        .max(3)
        .transform((text) => text.repeat(1_000)),
    ],
    [
      "what contains itself",
      z.object({
        get children() {
          return z.array(z.unknown()).max(2);
        },
      }),
    ],
    ["one open member", z.object({ a: z.string().max(9), b: z.string() })],
  ])("is unknown for %s", (_what, schema) => {
    expect(size(schema).bounded).toBe(false);
  });

  it("counts what is declared beside an open member", () => {
    expect(size(z.object({ a: z.string().max(1_000), b: z.string() })).bytes).toBeGreaterThan(
      6_000,
    );
    expect(size(z.string().min(5_000)).bytes).toBeGreaterThan(5_000);
  });

  it("takes the tighter bound of two", () => {
    expect(size(z.string().max(100).and(z.string().max(4)))).toEqual({ bytes: 26, bounded: true });
  });
});
