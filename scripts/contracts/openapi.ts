import type { Operation, Parameter, Schema } from "#shared/contracts";
import {
  type DescribedOperation,
  type Description,
  type Json,
  listAt,
  objectAt,
  textAt,
} from "./description.ts";
import { OpenApiSchemas } from "./openapi-schema.ts";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Reads OpenAPI 3.0 and 3.1: https://spec.openapis.org/oas/v3.1.1 */
export function readOpenApi(document: Json): Description {
  const schemas = new OpenApiSchemas(document);
  const base = basePath(document);
  const keys = queryKeys(document);
  const operations = Object.entries(objectAt(document, "paths")).flatMap(([path, item]) =>
    METHODS.filter((method) => method in objectAt(item)).map((method): DescribedOperation => {
      const described = objectAt(item, method);
      return {
        method: method.toUpperCase(),
        path: base + path,
        read: () => readOperation(schemas, objectAt(item), described, keys),
      };
    }),
  );
  return {
    format: `OpenAPI ${textAt(document, "openapi") ?? ""}`,
    operations,
    definition: (name) => schemas.definition(name),
  };
}

function readOperation(
  schemas: OpenApiSchemas,
  item: Json,
  operation: Json,
  keys: readonly Parameter[],
): ReturnType<DescribedOperation["read"]> {
  const own = listAt(operation, "parameters").map((one) => schemas.follow(one));
  const shared = listAt(item, "parameters")
    .map((one) => schemas.follow(one))
    .filter((one) => !own.some(({ name, in: at }) => name === one["name"] && at === one["in"]));
  const described = [...shared, ...own].flatMap((one) => readParameter(schemas, one));
  const body = schemas.follow(operation["requestBody"]);
  return {
    parameters: [...described, ...keys],
    ...(operation["requestBody"] === undefined
      ? {}
      : {
          body: {
            ...(body["required"] === true ? { required: true as const } : {}),
            content: readContent(schemas, body),
          },
        }),
    responses: readResponses(schemas, operation),
  };
}

function readResponses(schemas: OpenApiSchemas, operation: Json): Operation["responses"] {
  return Object.fromEntries(
    Object.entries(objectAt(operation, "responses")).map(([status, response]) => [
      status.toUpperCase().replace("DEFAULT", "default"),
      readContent(schemas, schemas.follow(response)),
    ]),
  );
}

function readParameter(schemas: OpenApiSchemas, parameter: Json): Parameter[] {
  const { name, in: place, required, style } = parameter;
  if (typeof name !== "string") return [];
  if (place !== "path" && place !== "query" && place !== "header") return [];
  const [inContent] = Object.values(readContent(schemas, parameter));
  return [
    {
      name,
      in: place,
      ...(required === true ? { required } : {}),
      ...(style === "deepObject" ? { style } : {}),
      // A parameter with a media type is that text, whatever is in it.
      schema: inContent === undefined ? schemas.convert(parameter["schema"] ?? true) : true,
    },
  ];
}

function readContent(schemas: OpenApiSchemas, holder: Json): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(objectAt(holder, "content")).map(([type, media]) => [
      type,
      schemas.convert(objectAt(media)["schema"] ?? true),
    ]),
  );
}

/** The path that all operations are below: that of the first server, its variables at their defaults. */
function basePath(document: Json): string {
  const [server] = listAt(document, "servers");
  const url = (textAt(server, "url") ?? "").replaceAll(
    /\{([^}]+)\}/g,
    (_, name: string) => textAt(objectAt(server, "variables", name), "default") ?? "variable",
  );
  return new URL(url, "https://vendor.example").pathname.replace(/\/$/, "");
}

/** API keys that may stand in a query. */
function queryKeys(document: Json): Parameter[] {
  return Object.values(objectAt(document, "components", "securitySchemes")).flatMap((scheme) => {
    const name = textAt(scheme, "name");
    const isKey = textAt(scheme, "type") === "apiKey" && textAt(scheme, "in") === "query";
    return isKey && name !== undefined ? [{ name, in: "query", schema: true }] : [];
  });
}
