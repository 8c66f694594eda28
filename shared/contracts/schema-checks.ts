import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import type { Schema } from "./contract.ts";
import { type Definitions, reachable } from "./reachable.ts";
import { inner, type Side, strictSchema } from "./strict-schema.ts";

/** Something that is not as described: where, below the value, and what. */
export type Misfit = { readonly pointer: string; readonly message: string };

/** Checks values against schemas of one description; a schema is compiled once. */
export class SchemaChecks {
  readonly #definitions: Definitions;
  readonly #compiled: Record<Side, Map<Schema, ValidateFunction>> = {
    request: new Map(),
    response: new Map(),
  };

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Nothing where the value fits. */
  check(schema: Schema, side: Side, value: unknown): Misfit[] {
    const compiled = this.#compiled[side];
    const validate = compiled.get(schema) ?? this.#compile(schema, side);
    compiled.set(schema, validate);
    return validate(value) ? [] : misfits(validate.errors ?? []);
  }

  #compile(schema: Schema, side: Side): ValidateFunction {
    const definitions = Object.entries(reachable([schema], this.#definitions));
    const $defs = Object.fromEntries(
      definitions.map(([name, one]) => [name, inner(one, side, this.#definitions)]),
    );
    const strict = strictSchema(schema, side, this.#definitions);
    if (typeof strict === "boolean") return newAjv().compile(strict);
    return newAjv().compile({ ...strict, $defs });
  }
}

// Vendors' formats are many and their keywords not all JSON Schema's; what they say of values is checked all the same.
function newAjv(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    formats: fullFormats,
    logger: false,
    strict: false,
    validateSchema: false,
  });
}

function misfits(errors: readonly ErrorObject[]): Misfit[] {
  // What no branch takes is one misfit, not one per branch; and then no member counts as known.
  const branched = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const outer = errors.filter(
    (error) => !branched.some(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`)),
  );
  const others = outer.filter(({ keyword }) => keyword !== "unevaluatedProperties");
  return (others.length > 0 ? others : outer).map(misfit);
}

function misfit({ instancePath, keyword, message, params }: ErrorObject): Misfit {
  const member: unknown =
    params["missingProperty"] ?? params["additionalProperty"] ?? params["unevaluatedProperty"];
  const at = `${instancePath}${typeof member === "string" ? `/${member}` : ""}`;
  const pointer = at.replaceAll(/\/\d+(?=\/|$)/g, "/-");
  if (keyword === "required") return { pointer, message: "is required" };
  if (typeof member === "string") return { pointer, message: "is not described" };
  const allowed: unknown = params["allowedValues"];
  const values = Array.isArray(allowed) ? ` (${allowed.slice(0, 12).join(", ")})` : "";
  return { pointer, message: `${message ?? keyword}${values}` };
}
