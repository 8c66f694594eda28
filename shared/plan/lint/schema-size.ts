import * as z from "zod";

/** How large the JSON of a value can be. Where a part has no declared bound, `bytes` counts that part's least. */
export type SchemaSize = { readonly bytes: number; readonly bounded: boolean };

/**
 * Bytes of JSON text for one UTF-16 unit, which is what zod counts: any script takes up to 3 in UTF-8 (astral
 * characters 4 for two units), a control character or a lone surrogate 6 as `\\uXXXX`.
 * https://tc39.es/ecma262/#sec-quotejsonstring
 */
export const BYTES_PER_UNIT = { text: 3, escapes: 6 } as const;

type JsonSchema = z.core.JSONSchema.JSONSchema;
type Node = JsonSchema | boolean | undefined;
type Reading = {
  readonly perUnit: number;
  readonly definitions: Readonly<Record<string, Node>>;
  readonly within: readonly string[];
};

/** `-1.2345678901234567e-308` */
const LONGEST_NUMBER = 24;
/** Formats of fixed length: https://datatracker.ietf.org/doc/html/rfc9562, RFC 3339 full-date. */
const FORMAT_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["uuid", 36],
  ["date", 10],
]);
const UNKNOWN: SchemaSize = { bytes: 0, bounded: false };

/**
 * The largest JSON text of a value that the schema takes (`io: "input"`) or gives (`"output"`), without white space.
 * What JSON Schema cannot say, such as a transform, counts as unbounded.
 */
export function schemaSize(
  schema: z.ZodType,
  options: { readonly io: "input" | "output"; readonly perUnit: number },
): SchemaSize {
  const root = z.toJSONSchema(schema, { io: options.io, unrepresentable: "any" });
  return sizeOf(root, { perUnit: options.perUnit, definitions: root.$defs ?? {}, within: [] });
}

function sizeOf(node: Node, reading: Reading): SchemaSize {
  if (node === undefined || typeof node === "boolean") return UNKNOWN;
  if (node.$ref !== undefined) return referenced(node.$ref, reading);
  if (node.const !== undefined) return textOf(node.const);
  if (node.enum !== undefined) return largest(node.enum.map(textOf));
  const options = node.anyOf ?? node.oneOf;
  if (options !== undefined) return largest(options.map((option) => sizeOf(option, reading)));
  if (node.allOf !== undefined) return narrowest(node.allOf.map((part) => sizeOf(part, reading)));
  const types: readonly (string | undefined)[] = Array.isArray(node.type) ? node.type : [node.type];
  return largest(types.map((type) => sizeOfType(type, node, reading)));
}

function sizeOfType(type: string | undefined, node: JsonSchema, reading: Reading): SchemaSize {
  switch (type) {
    case "string":
      return stringSize(node, reading.perUnit);
    case "number":
    case "integer":
      return numberSize(node);
    case "boolean":
      return { bytes: 5, bounded: true };
    case "null":
      return { bytes: 4, bounded: true };
    case "array":
      return arraySize(node, reading);
    case "object":
      return objectSize(node, reading);
    default:
      return UNKNOWN;
  }
}

function stringSize({ maxLength, minLength, format }: JsonSchema, perUnit: number): SchemaSize {
  const fixed = FORMAT_LENGTHS.get(format ?? "");
  if (fixed !== undefined) return { bytes: fixed + 2, bounded: true };
  if (maxLength !== undefined) return { bytes: maxLength * perUnit + 2, bounded: true };
  return { bytes: (minLength ?? 0) + 2, bounded: false };
}

function numberSize({ type, minimum, maximum }: JsonSchema): SchemaSize {
  const isWhole = type === "integer" && minimum !== undefined && maximum !== undefined;
  if (!isWhole) return { bytes: LONGEST_NUMBER, bounded: true };
  return { bytes: Math.max(String(minimum).length, String(maximum).length), bounded: true };
}

function arraySize(node: JsonSchema, reading: Reading): SchemaSize {
  const first = (node.prefixItems ?? []).map((item) => sizeOf(item, reading));
  const items = Array.isArray(node.items) ? undefined : node.items;
  const count =
    node.maxItems ?? (items === undefined || items === false ? first.length : undefined);
  const each = sizeOf(items, reading);
  const others = Math.max(0, (count ?? node.minItems ?? 0) - first.length);
  const bytes = sum(first) + others * each.bytes + first.length + others + 1;
  const bounded =
    count !== undefined && first.every((size) => size.bounded) && (others === 0 || each.bounded);
  return { bytes, bounded };
}

function objectSize(node: JsonSchema, reading: Reading): SchemaSize {
  const entries = Object.entries(node.properties ?? {}).map(([name, value]) => {
    const size = sizeOf(value, reading);
    return { bytes: textOf(name).bytes + 2 + size.bytes, bounded: size.bounded };
  });
  const open = node.additionalProperties;
  if (open === undefined || open === false) {
    const bytes = sum(entries) + Math.max(1, 2 - entries.length);
    return { bytes, bounded: entries.every(({ bounded }) => bounded) };
  }
  const names = typeof node.propertyNames === "object" ? node.propertyNames.enum : undefined;
  const value = sizeOf(open, reading);
  const named = (names ?? []).map((name) => textOf(name).bytes + 2 + value.bytes);
  return {
    bytes: sum(entries) + named.reduce((total, bytes) => total + bytes, 0) + 2,
    bounded: names !== undefined && value.bounded && entries.every(({ bounded }) => bounded),
  };
}

/** A schema that contains itself has no bound. */
function referenced(reference: string, reading: Reading): SchemaSize {
  const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  if (name === undefined || reading.within.includes(name)) return UNKNOWN;
  return sizeOf(reading.definitions[name], { ...reading, within: [...reading.within, name] });
}

function textOf(value: unknown): SchemaSize {
  return { bytes: Buffer.byteLength(JSON.stringify(value)), bounded: true };
}

function sum(sizes: readonly SchemaSize[]): number {
  return sizes.reduce((total, { bytes }) => total + bytes, 0);
}

function largest(sizes: readonly SchemaSize[]): SchemaSize {
  return {
    bytes: Math.max(0, ...sizes.map(({ bytes }) => bytes)),
    bounded: sizes.every(({ bounded }) => bounded),
  };
}

/** A value has to fit every part, so the tightest bound holds; without one, the largest least. */
function narrowest(sizes: readonly SchemaSize[]): SchemaSize {
  const bounds = sizes.filter(({ bounded }) => bounded).map(({ bytes }) => bytes);
  if (bounds.length > 0) return { bytes: Math.min(...bounds), bounded: true };
  return { ...largest(sizes), bounded: false };
}
