import { type Schema, toRef } from "#shared/contracts";
import { type Json, listAt, objectAt, textAt } from "./description.ts";
import { isPattern } from "./openapi-schema.ts";

/** The value of a trait; `undefined` where the shape or member does not have it. */
export function traitOf(shape: Json, trait: string): unknown {
  return objectAt(shape, "traits")[trait];
}

/** Simple shapes as JSON has them: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#shape-serialization */
const SIMPLE: Readonly<Record<string, Schema>> = {
  bigDecimal: { type: "number" },
  bigInteger: { type: "integer" },
  blob: { type: "string" },
  boolean: { type: "boolean" },
  byte: { type: "integer" },
  document: true,
  double: { type: "number" },
  float: { type: "number" },
  integer: { type: "integer" },
  long: { type: "integer" },
  short: { type: "integer" },
  string: { type: "string" },
};

/** The shapes of a Smithy model, as JSON Schema. */
export class SmithyShapes {
  readonly #shapes: Json;

  constructor(document: Json) {
    this.#shapes = objectAt(document, "shapes");
  }

  /** The name of the one service, without its namespace, and its shape. */
  service(): readonly [string, Json] {
    const found = Object.entries(this.#shapes).find(
      ([, shape]) => textAt(shape, "type") === "service",
    );
    if (found === undefined) throw new Error("the model has no service");
    return [shortName(found[0]), objectAt(found[1])];
  }

  operations(): readonly (readonly [string, Json])[] {
    return Object.entries(this.#shapes)
      .filter(([, shape]) => textAt(shape, "type") === "operation")
      .map(([id, shape]) => [shortName(id), objectAt(shape)]);
  }

  /** The members of what something targets; none where it is `smithy.api#Unit`. */
  members(member: Json): readonly (readonly [string, Json])[] {
    return Object.entries(objectAt(this.target(member), "members")).map(([name, one]) => [
      name,
      objectAt(one),
    ]);
  }

  target(member: Json): Json {
    return objectAt(this.#shapes[textAt(member, "target") ?? ""]);
  }

  isBytes(id: string | undefined): boolean {
    const { type } = objectAt(this.#shapes[id ?? ""]);
    return (
      type === "blob" ||
      traitOf(objectAt(this.#shapes[id ?? ""]), "smithy.api#streaming") !== undefined
    );
  }

  /** A reference to a shape, or the schema of one that JSON has itself. */
  refer(id: string | undefined): Schema {
    if (id === undefined || id === "smithy.api#Unit") return { type: "object" };
    if (this.#shapes[id] !== undefined) return toRef(shortName(id));
    const builtIn = shortName(id).replace(/^Primitive/, "");
    return builtIn === "Timestamp" ? timestamp(undefined) : (SIMPLE[lowerFirst(builtIn)] ?? true);
  }

  definition(name: string): Schema | undefined {
    const found = Object.entries(this.#shapes).find(([id]) => shortName(id) === name);
    return found === undefined ? undefined : this.#convert(objectAt(found[1]));
  }

  /** An object of members; AWS also sends `null` for a member that is not there. */
  structure(members: readonly (readonly [string, Json])[]): Schema {
    const required = members
      .filter(([, one]) => traitOf(one, "smithy.api#required") !== undefined)
      .map(nameOf);
    const properties = members.map((one) => [nameOf(one), this.#member(one[1])]);
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
    };
  }

  #member(member: Json): Schema {
    const id = textAt(member, "target");
    const format = traitOf(member, "smithy.api#timestampFormat");
    return format === undefined ? this.refer(id) : timestamp(format);
  }

  #convert(shape: Json): Schema {
    const members = Object.entries(objectAt(shape, "members")).map(
      ([name, one]): [string, Json] => [name, objectAt(one)],
    );
    const type = textAt(shape, "type") ?? "";
    switch (type) {
      case "structure":
        return this.structure(members);
      case "union":
        return { ...objectAt(this.structure(members)), minProperties: 1, maxProperties: 1 };
      case "list":
        return {
          type: "array",
          items: this.#member(objectAt(shape, "member")),
          ...sizes(shape, "Items"),
        };
      case "map":
        return { type: "object", additionalProperties: this.#member(objectAt(shape, "value")) };
      case "enum":
      case "intEnum":
        return { enum: members.map(([name, one]) => traitOf(one, "smithy.api#enumValue") ?? name) };
      case "timestamp":
        return timestamp(traitOf(shape, "smithy.api#timestampFormat"));
      default:
        return { ...objectAt(SIMPLE[type] ?? {}), ...constraints(shape, type) };
    }
  }
}

/** Seconds since 1970 unless it says otherwise: https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait */
function timestamp(format: unknown): Schema {
  return format === "date-time" ? { type: "string", format: "date-time" } : { type: "number" };
}

/** What a member is called in JSON. */
function nameOf([name, member]: readonly [string, Json]): string {
  const other = traitOf(member, "smithy.api#jsonName");
  return typeof other === "string" ? other : name;
}

function constraints(shape: Json, type: string): Json {
  const range = objectAt(traitOf(shape, "smithy.api#range"));
  const pattern = traitOf(shape, "smithy.api#pattern");
  const values = listAt(objectAt(shape, "traits"), "smithy.api#enum").map((one) =>
    textAt(one, "value"),
  );
  return {
    ...(type === "string" ? sizes(shape, "Length") : {}),
    ...(range["min"] === undefined ? {} : { minimum: range["min"] }),
    ...(range["max"] === undefined ? {} : { maximum: range["max"] }),
    ...(isPattern(pattern) ? { pattern } : {}),
    ...(values.length === 0 ? {} : { enum: values }),
  };
}

function sizes(shape: Json, what: "Items" | "Length"): Json {
  const { min, max } = objectAt(traitOf(shape, "smithy.api#length"));
  return {
    ...(min === undefined ? {} : { [`min${what}`]: min }),
    ...(max === undefined ? {} : { [`max${what}`]: max }),
  };
}

function shortName(id: string): string {
  return id.slice(id.indexOf("#") + 1);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
