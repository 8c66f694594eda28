import type { JsonSchema } from "#shared/console";

/**
 * Schemas that are made to stand alone, brought into one document: references within them start at the document, so
 * their definitions become components, named after where they are from.
 */
export class OpenApiSchemas {
  readonly components: Record<string, JsonSchema> = {};

  /** The schema for use within the document; `scope` is unlike that of any other, letters, digits, `.` and `-`. */
  embed(scope: string, { $schema: _dialect, $defs, ...schema }: JsonSchema): JsonSchema {
    if (typeof $defs === "object" && $defs !== null) {
      for (const [name, one] of Object.entries($defs)) {
        this.components[`${scope}.${name}`] = rebase(one, scope);
      }
    }
    const embedded = rebase(schema, scope);
    if (!refersToItself(schema)) return embedded;
    this.components[scope] = embedded;
    return { $ref: `#/components/schemas/${scope}` };
  }
}

function rebase(schema: JsonSchema, scope: string): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, rebased(keyword, value, scope)]),
  );
}

function rebased(keyword: string, value: unknown, scope: string): unknown {
  if (keyword === "$ref" && typeof value === "string") {
    if (value === "#") return `#/components/schemas/${scope}`;
    return value.replace(/^#\/\$defs\//, `#/components/schemas/${scope}.`);
  }
  if (Array.isArray(value)) return value.map((one) => rebased("", one, scope));
  return typeof value === "object" && value !== null ? rebase({ ...value }, scope) : value;
}

function refersToItself(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([keyword, one]) => (keyword === "$ref" && one === "#") || refersToItself(one),
  );
}
