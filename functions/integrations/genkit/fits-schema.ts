import { isDeepStrictEqual } from "node:util";
import { Fault } from "#shared/errors";
import * as z from "zod";

/** Bundles have no reader of JSON schemas; this is the part that vendors hold models to, and bounds. */
const Schema = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.enum(["object", "array", "string", "number", "integer", "boolean", "null"]).optional(),
  enum: z.array(z.json()).optional(),
  const: z.json().optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.boolean().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).min(1).optional();
  },
});
type Schema = z.infer<typeof Schema>;

/**
 * Says whether values fit a JSON schema (https://json-schema.org/draft/2020-12). Throws `invalid_argument` from `caller`,
 * naming the place, for a keyword that it does not know: a rule that is not held would score for nothing.
 */
export function fitting(given: unknown): (value: unknown) => boolean {
  const parsed = Schema.safeParse(given);
  if (parsed.success) return (value) => fits(parsed.data, value);
  const [issue] = parsed.error.issues;
  const at = issue?.path.join(".") || "its top";
  throw new Fault(
    "invalid_argument",
    `genkit.evaluate-flow: the schema has something at ${at} that is not checked here; leave it out`,
    { origin: "caller", details: { field: at } },
  );
}

function fits(schema: Schema, value: unknown): boolean {
  const { type, enum: values, const: only, anyOf } = schema;
  return (
    (type === undefined || isType[type](value)) &&
    (values === undefined || values.some((one) => isDeepStrictEqual(one, value))) &&
    (only === undefined || isDeepStrictEqual(only, value)) &&
    (anyOf === undefined || anyOf.some((one) => fits(one, value))) &&
    (typeof value !== "string" ||
      within(Array.from(value).length, schema.minLength, schema.maxLength)) &&
    (typeof value !== "number" || within(value, schema.minimum, schema.maximum)) &&
    (!Array.isArray(value) || fitsItems(schema, value)) &&
    (!isType.object(value) || fitsMembers(schema, new Map(Object.entries(Object(value)))))
  );
}

const isType: Readonly<Record<NonNullable<Schema["type"]>, (value: unknown) => boolean>> = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

function within(size: number, least = -Infinity, most = Infinity): boolean {
  return size >= least && size <= most;
}

function fitsItems({ items, minItems, maxItems }: Schema, list: readonly unknown[]): boolean {
  if (!within(list.length, minItems, maxItems)) return false;
  return items === undefined || list.every((one) => fits(items, one));
}

function fitsMembers(
  { properties = {}, required = [], additionalProperties }: Schema,
  members: ReadonlyMap<string, unknown>,
): boolean {
  const known = new Map(Object.entries(properties));
  return (
    required.every((name) => members.has(name)) &&
    [...members].every(([name, value]) => {
      const schema = known.get(name);
      return schema === undefined ? additionalProperties !== false : fits(schema, value);
    })
  );
}
