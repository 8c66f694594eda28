import { Fault } from "#shared/errors";
import * as z from "zod";
import type { JsonSchema } from "./driver.ts";

/**
 * The JSON schema of an answer or of a tool's input, in the part that all vendors hold a model to: objects with all
 * properties required and no others, arrays, enums, text, numbers, booleans, and null beside one of them.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 * Bundles have no renderer of zod's (see docs/decisions), and that one knows more than vendors take. Throws
 * `invalid_argument` for a schema outside this part, naming the place.
 */
export function toJsonSchema(schema: z.core.$ZodType, at = "output"): JsonSchema {
  const { description } = z.globalRegistry.get(schema) ?? {};
  return { ...rendered(schema, at), ...(description === undefined ? {} : { description }) };
}

function rendered(schema: z.core.$ZodType, at: string): JsonSchema {
  if (schema instanceof z.ZodObject) return objectOf(schema, at);
  if (schema instanceof z.ZodArray)
    return { type: "array", items: toJsonSchema(schema.element, `${at}[]`) };
  if (schema instanceof z.ZodNullable) {
    return { anyOf: [toJsonSchema(schema.unwrap(), at), { type: "null" }] };
  }
  if (schema instanceof z.ZodEnum) return { type: "string", enum: schema.options };
  if (schema instanceof z.ZodLiteral) {
    const values = [...schema.values];
    if (values.every((value) => typeof value === "string")) return { type: "string", enum: values };
  }
  // Formats and lengths are checked when the answer is parsed: vendors differ in which they take.
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat)
    return { type: "string" };
  if (schema instanceof z.ZodNumber) return { type: schema.isInt ? "integer" : "number" };
  if (schema instanceof z.ZodNumberFormat) return { type: "integer" };
  if (schema instanceof z.ZodBoolean) return { type: "boolean" };
  throw new Fault(
    "invalid_argument",
    `models.schema: ${at} is of a kind that not every vendor takes; use objects, arrays, enums, text, numbers, booleans and nullable`,
  );
}

function objectOf(schema: z.ZodObject, at: string): JsonSchema {
  const properties = Object.entries(schema.shape).map(
    ([name, property]) => [name, toJsonSchema(property, `${at}.${name}`)] as const,
  );
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  };
}
