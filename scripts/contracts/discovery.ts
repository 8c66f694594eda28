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
  const described = objectAt(method, "parameters");
  const parameters = [...parametersOf(described), ...everywhere];
  const request = textAt(objectAt(method, "request"), "$ref");
  const response = textAt(objectAt(method, "response"), "$ref");
  // What has no response answers an empty object.
  const responses = { 200: response === undefined ? ANYTHING : json(response), default: ANYTHING };
  const operation = (
    path: string,
    own: readonly Parameter[],
    content: Record<string, Schema> | undefined,
  ): DescribedOperation => ({
    method: textAt(method, "httpMethod") ?? "GET",
    path: expand(path, described),
    read: () => ({
      parameters: [...own, ...parameters].filter(
        ({ in: place, name }) => place !== "path" || expand(path, described).includes(`{${name}}`),
      ),
      ...(content === undefined ? {} : { body: { content } }),
      responses,
    }),
  });
  const uploadType: Parameter = { name: "uploadType", in: "query", schema: true };
  return [
    operation(
      base + (textAt(method, "path") ?? ""),
      [],
      request === undefined ? undefined : json(request),
    ),
    ...Object.values(objectAt(method, "mediaUpload", "protocols")).map((protocol) =>
      operation(textAt(protocol, "path") ?? "", [uploadType], { "*/*": true }),
    ),
  ];
}

/**
 * Several methods have the path `v1/{+name}` and differ in the pattern of the name only, so that is written out:
 * `projects/[^/]+/topics/[^/]+` is `projects/{projects}/topics/{topics}`.
 */
function expand(path: string, parameters: Json): string {
  return path.replaceAll(/\{\+([^}]+)\}/g, (whole, name: string) => {
    const pattern = textAt(parameters[name], "pattern");
    if (pattern === undefined) return whole;
    const seen = new Set<string>();
    return pattern
      .replaceAll(/^\^|\$$/g, "")
      .replaceAll(
        /(?:(\w+)\/)?(\[\^\/\]\+|\.\*)/g,
        (_, before: string | undefined, one: string) => {
          const label = uniqueName(before ?? name, seen);
          return `${before === undefined ? "" : `${before}/`}{${one === ".*" ? "+" : ""}${label}}`;
        },
      );
  });
}

function uniqueName(name: string, seen: Set<string>): string {
  const label = seen.has(name) ? `${name}${seen.size}` : name;
  seen.add(label);
  return label;
}

function json(name: string): Record<string, Schema> {
  return { "application/json": toRef(name) };
}

/** Failures are not described; they all look like https://google.aip.dev/193 */
const ANYTHING: Readonly<Record<string, Schema>> = { "application/json": true };

function parametersOf(parameters: Json): Parameter[] {
  return Object.entries(parameters).map(([name, value]): Parameter => {
    const { location, required, repeated, ...schema } = objectAt(value);
    const one = convert(schema);
    const parameter: Parameter = {
      name,
      in: location === "path" ? "path" : "query",
      schema: repeated === true ? { anyOf: [one, { type: "array", items: one }] } : one,
    };
    return required === true ? Object.assign(parameter, { required }) : parameter;
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
