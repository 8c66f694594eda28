import type { Schema } from "./contract.ts";
import { type Definitions, refOf } from "./reachable.ts";

/** What is looked at: a request is whole, a recorded response is trimmed to what is read. */
export type Side = "request" | "response";

/** Keywords that hold schemas for parts of a value, and those that hold further schemas for the same value. */
const PARTS = new Set(["properties", "patternProperties", "items", "additionalProperties"]);
const BRANCHES = new Set(["allOf", "anyOf", "oneOf"]);

/** Keywords that ask for something to be there, which a trimmed response need not. */
const WHOLENESS = new Set(["required", "minProperties", "dependentRequired"]);

/**
 * A schema as fixtures are held to it. An object that declares members and says nothing about others has no others:
 * a misspelt member would pass unseen. A request need not have members that are read-only, as they would be ignored; a
 * response need have none, and so `oneOf` is `anyOf` there.
 */
export function strictSchema(schema: Schema, side: Side, definitions: Definitions): Schema {
  const strict = inner(schema, side, definitions);
  if (typeof strict === "boolean" || typeof schema === "boolean") return strict;
  const shape = shapeOf(schema, definitions, new Set());
  if (!shape.declares || shape.open) return strict;
  return { ...strict, unevaluatedProperties: false };
}

/** The same for a definition or a branch, which is closed where it is referred to, over all its branches. */
export function inner(schema: Schema, side: Side, definitions: Definitions): Schema {
  if (typeof schema === "boolean") return schema;
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (PARTS.has(keyword)) return [[keyword, parts(keyword, value, side, definitions)]];
    if (BRANCHES.has(keyword) && Array.isArray(value)) {
      const branches = value.map((branch: Schema) => inner(branch, side, definitions));
      return [[side === "response" && keyword === "oneOf" ? "anyOf" : keyword, branches]];
    }
    if (side === "response" && WHOLENESS.has(keyword)) return [];
    if (keyword === "required") return [[keyword, writable(value, schema)]];
    return [[keyword, value]];
  });
  return Object.fromEntries(entries);
}

function parts(keyword: string, value: unknown, side: Side, definitions: Definitions): unknown {
  if (typeof value !== "object" || value === null) return value;
  const strict = (one: Schema): Schema => strictSchema(one, side, definitions);
  if (Array.isArray(value)) return value.map(strict);
  if (keyword === "items" || keyword === "additionalProperties") return strict({ ...value });
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, strict(one)]));
}

function writable(
  required: unknown,
  { properties }: { readonly [keyword: string]: unknown },
): unknown {
  if (!Array.isArray(required)) return required;
  const members = new Map(Object.entries(properties ?? {}));
  return required.filter((name: string) => members.get(name)?.readOnly !== true);
}

type Shape = {
  /** It names members. */
  readonly declares: boolean;
  /** It says that there may be others, or may be of a kind that only its discriminator tells. */
  readonly open: boolean;
};

function shapeOf(schema: Schema, definitions: Definitions, seen: Set<string>): Shape {
  if (typeof schema === "boolean") return { declares: false, open: false };
  const ref = refOf(schema);
  const target = ref === undefined || seen.has(ref) ? undefined : definitions.get(ref);
  if (ref !== undefined) seen.add(ref);
  const all = target === undefined ? [] : [shapeOf(target, definitions, seen)];
  for (const branch of branchesOf(schema, "allOf")) all.push(shapeOf(branch, definitions, seen));
  for (const branch of [...branchesOf(schema, "anyOf"), ...branchesOf(schema, "oneOf")]) {
    const shape = shapeOf(branch, definitions, seen);
    // One of several forms that takes any object makes the whole take any.
    all.push({ ...shape, open: shape.open || (!shape.declares && takesObjects(branch)) });
  }
  const own = ["additionalProperties", "unevaluatedProperties", "discriminator"];
  return {
    declares: "properties" in schema || all.some(({ declares }) => declares),
    open: own.some((keyword) => keyword in schema) || all.some(({ open }) => open),
  };
}

function branchesOf(schema: { readonly [keyword: string]: unknown }, keyword: string): Schema[] {
  const branches = schema[keyword];
  return Array.isArray(branches) ? branches : [];
}

function takesObjects(schema: Schema): boolean {
  if (typeof schema === "boolean") return schema;
  const { type } = schema;
  return type === "object" || (Array.isArray(type) && type.includes("object"));
}
