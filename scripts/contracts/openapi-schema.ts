import { refOf, type Schema, toRef } from "#shared/contracts";
import { isObject, type Json, objectAt } from "./description.ts";

/** Keywords whose meaning JSON Schema 2020-12 shares; prose and annotations are not among them. */
const KEPT = new Set(
  (
    "type enum const format readOnly minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
    "minLength maxLength minItems maxItems uniqueItems minProperties maxProperties required"
  ).split(" "),
);
const ONE = new Set(["items", "additionalProperties", "not", "contains", "propertyNames"]);
const MANY = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const NAMED = new Set(["properties", "patternProperties"]);

/** The schemas of an OpenAPI document, of any version from Swagger 2.0 on, by JSON pointer. */
export class OpenApiSchemas {
  readonly #document: Json;
  readonly #pointers = new Map<string, string>();

  constructor(document: Json) {
    this.#document = document;
  }

  definition(name: string): Schema | undefined {
    const pointer = this.#pointers.get(name);
    const target = pointer === undefined ? undefined : this.resolve(pointer);
    return target === undefined ? undefined : this.convert(target);
  }

  /** What a pointer or a reference object points at; `undefined` where nothing is, or in another file. */
  resolve(pointer: string): Json | undefined {
    if (!pointer.startsWith("#/")) return undefined;
    const names = pointer.slice(2).split("/").map(unescape);
    const found: unknown = names.reduce<unknown>(
      (value, name) => (isObject(value) || Array.isArray(value) ? Reflect.get(value, name) : {}),
      this.#document,
    );
    return isObject(found) ? found : undefined;
  }

  /** The object, or what it refers to. */
  follow(value: unknown): Json {
    const { $ref } = objectAt(value);
    return typeof $ref === "string" ? (this.resolve($ref) ?? {}) : objectAt(value);
  }

  /** As JSON Schema 2020-12, without prose. */
  convert(schema: unknown): Schema {
    if (typeof schema === "boolean") return schema;
    if (!isObject(schema)) return true;
    if (typeof schema["$ref"] === "string") return this.#refer(schema["$ref"]);
    const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
      if (keyword === "pattern") return isPattern(value) ? [[keyword, value]] : [];
      // Swagger 2.0's parameters and some schemas of old say it of themselves.
      if (keyword === "required" && !Array.isArray(value)) return [];
      // Of which kind an object is, and so what else it has, is told by its text.
      if (keyword === "discriminator") return [[keyword, true]];
      if (KEPT.has(keyword)) return [[keyword, value]];
      if (ONE.has(keyword)) return this.#one(keyword, value);
      if (MANY.has(keyword) && Array.isArray(value)) {
        return [[keyword, value.map((one) => this.convert(one))]];
      }
      return NAMED.has(keyword) ? [[keyword, this.#named(value)]] : [];
    });
    return nullable(schema, bounds(Object.fromEntries(entries)));
  }

  #one(keyword: string, value: unknown): [string, unknown][] {
    // A list here is JSON Schema draft 4's tuple, which some vendors use for "one of".
    if (Array.isArray(value)) return [[keyword, { anyOf: value.map((one) => this.convert(one)) }]];
    return [[keyword, this.convert(value)]];
  }

  #named(value: unknown): Json {
    return Object.fromEntries(
      Object.entries(objectAt(value)).map(([name, one]) => [name, this.convert(one)]),
    );
  }

  #refer($ref: string): Schema {
    if (this.resolve($ref) === undefined) return true;
    const name = nameOf($ref);
    this.#pointers.set(name, $ref);
    return toRef(name);
  }
}

function nameOf(pointer: string): string {
  const named = /^#\/(?:components\/schemas|definitions)\/([^/]+)$/.exec(pointer);
  return unescape(named?.[1] ?? pointer.slice(2)).replaceAll(/[^\w.-]+/g, "_");
}

function unescape(text: string): string {
  return decodeURIComponent(text).replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Some vendors write other languages' patterns, which say nothing here. */
export function isPattern(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    return new RegExp(value, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

/** OpenAPI 3.0 and before say that a bound is exclusive beside it: https://spec.openapis.org/oas/v3.0.4#schema-object */
function bounds(schema: Json): Json {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const { minimum, maximum, ...others } = rest;
  return {
    ...others,
    ...bound("minimum", "exclusiveMinimum", minimum, exclusiveMinimum),
    ...bound("maximum", "exclusiveMaximum", maximum, exclusiveMaximum),
  };
}

function bound(plain: string, exclusive: string, value: unknown, flag: unknown): Json {
  if (typeof flag === "number") {
    return { [exclusive]: flag, ...(value === undefined ? {} : { [plain]: value }) };
  }
  return value === undefined ? {} : { [flag === true ? exclusive : plain]: value };
}

function nullable(source: Json, schema: Json): Schema {
  if (source["nullable"] !== true && source["x-nullable"] !== true) return schema;
  return refOf(schema) === undefined && Object.keys(schema).length === 0
    ? schema
    : { anyOf: [schema, { type: "null" }] };
}
