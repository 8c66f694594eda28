import type { Operation, Parameter, Schema, Selector } from "#shared/contracts";
import {
  type DescribedOperation,
  type Description,
  type Json,
  listAt,
  objectAt,
  textAt,
} from "./description.ts";
import { OpenApiSchemas } from "./openapi-schema.ts";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];
const FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"];

/**
 * Reads Swagger 2.0 (https://spec.openapis.org/oas/v2.0), with Azure's `x-ms-paths`, whose queries tell operations apart
 * (https://azure.github.io/autorest/extensions/#x-ms-paths).
 */
export function readSwagger(document: Json): Description {
  const schemas = new OpenApiSchemas(document);
  const base = (textAt(document, "basePath") ?? "").replace(/\/$/, "");
  const paths = { ...objectAt(document, "paths"), ...objectAt(document, "x-ms-paths") };
  const operations = Object.entries(paths).flatMap(([address, item]) => {
    const [path = "", query = ""] = address.split("?");
    const select = [...new URLSearchParams(query)].map(([name, value]): Selector => ({
      in: "query",
      name,
      value,
    }));
    return METHODS.filter((method) => method in objectAt(item)).map(
      (method): DescribedOperation => {
        const read = (): ReturnType<DescribedOperation["read"]> =>
          readOperation(schemas, document, objectAt(item), objectAt(item, method));
        const operation = { method: method.toUpperCase(), path: base + path, read };
        return select.length === 0 ? operation : Object.assign(operation, { select });
      },
    );
  });
  return { format: "Swagger 2.0", operations, definition: (name) => schemas.definition(name) };
}

function readOperation(
  schemas: OpenApiSchemas,
  document: Json,
  item: Json,
  operation: Json,
): ReturnType<DescribedOperation["read"]> {
  const given = [...listAt(item, "parameters"), ...listAt(operation, "parameters")].map((one) =>
    schemas.follow(one),
  );
  const body = readBody(schemas, given, mediaTypes("consumes", document, operation));
  const produces = mediaTypes("produces", document, operation);
  return {
    parameters: given.flatMap((one) => readParameter(schemas, one)),
    ...(body === undefined ? {} : { body }),
    responses: Object.fromEntries(
      Object.entries(objectAt(operation, "responses")).map(([status, response]) => {
        const { schema } = schemas.follow(response);
        return [status, schema === undefined ? {} : contentOf(produces, schemas.convert(schema))];
      }),
    ),
  };
}

function mediaTypes(kind: "consumes" | "produces", document: Json, operation: Json): string[] {
  const own = kind in operation ? operation : document;
  const types = listAt(own, kind).filter((one) => typeof one === "string");
  return types.length === 0 ? ["application/json"] : types;
}

function contentOf(types: readonly string[], schema: Schema): Record<string, Schema> {
  return Object.fromEntries(types.map((type) => [type, schema]));
}

function readParameter(schemas: OpenApiSchemas, parameter: Json): Parameter[] {
  const { name, in: place, required } = parameter;
  if (typeof name !== "string") return [];
  if (place !== "path" && place !== "query" && place !== "header") return [];
  const isMany = parameter["x-ms-skip-url-encoding"] === true && place === "path";
  return [
    {
      name,
      in: place,
      ...(required === true ? { required } : {}),
      schema: isMany ? true : schemas.convert(parameter),
    },
  ];
}

function readBody(
  schemas: OpenApiSchemas,
  given: readonly Json[],
  consumes: readonly string[],
): Operation["body"] {
  const body = given.find((one) => one["in"] === "body");
  if (body !== undefined) {
    const content = contentOf(consumes, schemas.convert(body["schema"] ?? true));
    return { ...(body["required"] === true ? { required: true } : {}), content };
  }
  const fields = given.filter((one) => one["in"] === "formData");
  if (fields.length === 0) return undefined;
  const schema = {
    type: "object",
    properties: Object.fromEntries(
      fields.map((one) => [String(one["name"]), fieldSchema(schemas, one)]),
    ),
    required: fields.filter((one) => one["required"] === true).map((one) => String(one["name"])),
  };
  const isForm = consumes.some((type) => FORMS.includes(type));
  return { content: contentOf(isForm ? consumes : [...consumes, ...FORMS], schema) };
}

function fieldSchema(schemas: OpenApiSchemas, field: Json): Schema {
  return field["type"] === "file" ? true : schemas.convert(field);
}
