import { type Definitions, refOf, type Schema } from "#shared/contracts";
import { isObject, type Json, listAt, objectAt } from "./description.ts";

type Side = "request" | "response";

const BRANCHES = ["allOf", "anyOf", "oneOf"];

/**
 * Cuts schemas down to what recorded values have: a member that none of them has is left out, with all below it.
 * Vendors' objects have hundreds of members that link to each other, of which an integration uses ten.
 */
export class Slice {
  readonly #definitions: Definitions;
  readonly #used = new Map<Json, Set<string>>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Notes which members of a schema a value has, and of a request's also those it would have to have. */
  use(schema: Schema, value: unknown, side: Side, seen: ReadonlySet<string> = new Set()): void {
    if (typeof schema === "boolean") return;
    const ref = refOf(schema);
    if (ref !== undefined && !seen.has(ref)) {
      this.use(this.#definitions.get(ref) ?? true, value, side, new Set([...seen, ref]));
    }
    for (const branch of BRANCHES.flatMap((keyword) => schemasAt(schema, keyword))) {
      this.use(branch, value, side, seen);
    }
    if (Array.isArray(value)) for (const item of value) this.#part(schema["items"], item, side);
    if (isObject(value)) this.#useMembers(schema, value, side);
  }

  /** The schema without what nobody used. */
  cut(schema: Schema): Schema {
    if (typeof schema === "boolean") return schema;
    const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
      if (keyword === "properties") return [keyword, this.#cutMembers(schema, objectAt(value))];
      if (BRANCHES.includes(keyword)) {
        return [keyword, schemasAt(schema, keyword).map((branch) => this.cut(branch))];
      }
      if (keyword === "required" && Array.isArray(value)) {
        return [keyword, value.filter((name: string) => this.#used.get(schema)?.has(name))];
      }
      const isPart = keyword === "items" || keyword === "additionalProperties";
      return [keyword, isPart && isObject(value) ? this.cut(value) : value];
    });
    return Object.fromEntries(entries);
  }

  #useMembers(schema: Json, value: Json, side: Side): void {
    const properties = objectAt(schema["properties"]);
    const used = this.#used.get(schema) ?? new Set();
    this.#used.set(schema, used);
    if (side === "request") {
      for (const name of listAt(schema, "required")) used.add(String(name));
    }
    for (const [name, member] of Object.entries(value)) {
      if (Object.hasOwn(properties, name)) {
        used.add(name);
        this.#part(properties[name], member, side);
      } else {
        this.#part(schema["additionalProperties"], member, side);
      }
    }
  }

  #part(schema: unknown, value: unknown, side: Side): void {
    if (isObject(schema)) this.use(schema, value, side);
  }

  #cutMembers(schema: Json, properties: Json): Json {
    const used = this.#used.get(schema);
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => used?.has(name))
        .map(([name, one]) => [name, isObject(one) ? this.cut(one) : one]),
    );
  }
}

function schemasAt(schema: Json, keyword: string): Schema[] {
  const branches = schema[keyword];
  return Array.isArray(branches) ? branches : [];
}
