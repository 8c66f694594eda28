import type { Schema } from "./contract.ts";

/** Where schemas find the definitions they refer to. */
export type Definitions = { get(name: string): Schema | undefined };

const PREFIX = "#/$defs/";

/** The definition that a schema's `$ref` names; `undefined` where it has none. */
export function refOf(schema: Schema): string | undefined {
  if (typeof schema === "boolean") return undefined;
  const { $ref } = schema;
  return typeof $ref === "string" && $ref.startsWith(PREFIX)
    ? $ref.slice(PREFIX.length)
    : undefined;
}

/** A reference to a definition. */
export function toRef(name: string): Schema {
  return { $ref: PREFIX + name };
}

/** Every definition that schemas refer to, directly or through others; recursion ends where it meets itself. */
export function reachable(
  schemas: readonly Schema[],
  definitions: Definitions,
): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const pending = schemas.flatMap(refsIn);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (Object.hasOwn(found, name)) continue;
    const schema = definitions.get(name) ?? true;
    found[name] = schema;
    pending.push(...refsIn(schema));
  }
  return found;
}

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([keyword, member]) =>
    keyword === "$ref" && typeof member === "string" && member.startsWith(PREFIX)
      ? [member.slice(PREFIX.length)]
      : refsIn(member),
  );
}
