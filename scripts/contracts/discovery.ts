import { type Parameter, type Schema, toRef } from "#shared/contracts";
import {
  type DescribedOperation,
  type Description,
  type Json,
  objectAt,
  textAt,
} from "./description.ts";
import { isPattern } from "./openapi-schema.ts";

/** Reads Google's API Discovery format: https://developers.google.com/discovery/v1/reference/apis */
export function readDiscovery(document: Json): Description {
  const base = `/${textAt(document, "servicePath") ?? ""}`;
  const everywhere = parametersOf(objectAt(document, "parameters"));
  return {
    format: `Google Discovery ${textAt(document, "version") ?? ""}`,
    operations: methodsOf(document).flatMap((method) => readMethod(base, method, everywhere)),
    definition(name) {
      const schema = objectAt(document, "schemas")[name];
      return schema === undefined ? undefined : convert(objectAt(schema));
    },
  };
}

function methodsOf(resource: Json): Json[] {
  const below = Object.values(objectAt(resource, "resources"));
  const own = Object.values(objectAt(resource, "methods")).map((one) => objectAt(one));
  return [...own, ...below.flatMap((one) => methodsOf(objectAt(one)))];
}

/** A method, and once more where it takes a file: https://developers.google.com/discovery/v1/using#media */
function readMethod(
  base: string,
  method: Json,
  everywhere: readonly Parameter[],
): DescribedOperation[] {
  const verb = textAt(method, "httpMethod") ?? "GET";
  const own = parametersOf(objectAt(method, "parameters"));
  const request = textAt(objectAt(method, "request"), "$ref");
  const response = textAt(objectAt(method, "response"), "$ref");
  const json = (name: string): Record<string, Schema> => ({ "application/json": toRef(name) });
  // A method that answers nothing answers an empty object or, asked with alt=media, a file.
  const responses = { 200: response === undefined ? {} : json(response), default: anything() };
  const operation = (path: string, body: Record<string, Schema> | undefined) => ({
    method: verb,
    path,
    read: () => ({
      parameters: [...own, ...everywhere],
      ...(body === undefined ? {} : { body: { content: body } }),
      responses,
    }),
  });
  const upload = Object.values(objectAt(method, "mediaUpload", "protocols"));
  return [
    operation(
      base + (textAt(method, "path") ?? ""),
      request === undefined ? undefined : json(request),
    ),
    ...upload.map((protocol) => {
      const uploadType = { name: "uploadType", in: "query" as const, schema: true };
      const { read, ...rest } = operation(textAt(protocol, "path") ?? "", { "*/*": true });
      return {
        ...rest,
        read: () => ({ ...read(), parameters: [uploadType, ...read().parameters] }),
      };
    }),
  ];
}

/** Failures are not described; they all look like https://google.aip.dev/193 */
function anything(): Record<string, Schema> {
  return { "application/json": true };
}

function parametersOf(parameters: Json): Parameter[] {
  return Object.entries(parameters).map(([name, value]) => {
    const { location, required, repeated, ...schema } = objectAt(value);
    const one = convert(schema);
    return {
      name,
      in: location === "path" ? "path" : "query",
      ...(required === true ? { required } : {}),
      schema: repeated === true ? { anyOf: [one, { type: "array", items: one }] } : one,
    };
  });
}

const KEPT = ["type", "enum", "minimum", "maximum", "readOnly"];

function convert(schema: Json): Schema {
  const { $ref, type, format, pattern, items, properties, additionalProperties } = schema;
  if (typeof $ref === "string") return toRef($ref);
  if (type === "any") return true;
  const kept = KEPT.filter((keyword) => keyword in schema).map((keyword) => [
    keyword,
    numeric(keyword, schema[keyword]),
  ]);
  return {
    ...Object.fromEntries(kept),
    ...(isPattern(pattern) ? { pattern } : {}),
    ...formatOf(type, format),
    ...(items === undefined ? {} : { items: convert(objectAt(items)) }),
    ...(properties === undefined ? {} : { properties: convertAll(objectAt(properties)) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: convert(objectAt(additionalProperties)) }),
  };
}

function convertAll(properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, convert(objectAt(one))]),
  );
}

/** Bounds are written as text. */
function numeric(keyword: string, value: unknown): unknown {
  return keyword === "minimum" || keyword === "maximum" ? Number(value) : value;
}

/** 64-bit integers are sent as text: https://developers.google.com/discovery/v1/type-format */
function formatOf(type: unknown, format: unknown): Json {
  if (format === "int64" || format === "uint64") return { pattern: String.raw`^-?\d+$` };
  if (format === "google-datetime" || format === "date-time") return { format: "date-time" };
  return type === "string" && format === "date" ? { format } : {};
}
