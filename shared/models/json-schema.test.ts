import { expect, it } from "vitest";
import * as z from "zod";
import { toJsonSchema } from "./json-schema.ts";

const supported = z.object({
  name: z.string().describe("as on the invoice"),
  mail: z.email(),
  count: z.int(),
  price: z.number(),
  paid: z.boolean(),
  state: z.enum(["open", "closed"]),
  kind: z.literal("invoice"),
  note: z.nullable(z.string()),
  lines: z.array(z.object({ text: z.string().max(80) })),
});

it("says what zod's own renderer says, as far as all vendors take it", () => {
  const theirs: unknown = JSON.parse(
    JSON.stringify(z.toJSONSchema(supported), (key, value: unknown) =>
      ["$schema", "format", "pattern", "minimum", "maximum", "maxLength"].includes(key)
        ? undefined
        : value,
    ),
  );
  const ours = toJsonSchema(supported);
  expect(ours).toEqual({
    ...Object(theirs),
    properties: {
      ...Object(Reflect.get(Object(theirs), "properties")),
      kind: { type: "string", enum: ["invoice"] },
      note: { anyOf: [{ type: "string" }, { type: "null" }] },
    },
  });
});

it.each([
  [z.object({ a: z.string().optional() }), "output.a"],
  [z.object({ a: z.object({ b: z.date() }) }), "output.a.b"],
  [z.array(z.record(z.string(), z.string())), "output[]"],
  [z.union([z.string(), z.number()]), "output"],
  [z.string().transform((text) => text.length), "output"],
])("refuses what some vendor does not take, and says where", (schema, place) => {
  expect(() => toJsonSchema(schema)).toThrow(`models.schema: ${place} is`);
});
