import type { Parameter, Schema } from "#shared/contracts";
import {
  type DescribedOperation,
  type Description,
  type Json,
  listAt,
  objectAt,
  textAt,
} from "./description.ts";

/** What every answer of Slack's has beside what its method says: https://docs.slack.dev/apis/web-api#responses */
const ENVELOPE = {
  ok: { type: "boolean" },
  error: { type: "string" },
  warning: { type: "string" },
  needed: { type: "string" },
  provided: { type: "string" },
  response_metadata: { type: "object" },
};

/**
 * Reads the catalogue of Slack's methods (https://www.npmjs.com/package/slack-api-ref), which is newer than their OpenAPI
 * description. Every method takes GET as well as POST: https://docs.slack.dev/apis/web-api#basics
 */
export function readSlackMethods(document: Json): Description {
  const methods = Object.entries(objectAt(document, "methods"));
  return {
    format: "Slack methods reference",
    operations: methods.flatMap(([name, method]) => {
      const both = { path: `/api/${name}` };
      return [
        { ...both, method: "GET", read: () => readGet(objectAt(method)) },
        { ...both, method: "POST", read: () => readPost(objectAt(method)) },
      ];
    }),
    definition: () => undefined,
  };
}

function readGet(method: Json): ReturnType<DescribedOperation["read"]> {
  const required = requiredOf(method);
  const parameters = Object.entries(argumentsOf(method)).map(([name, argument]): Parameter => {
    const parameter: Parameter = { name, in: "query", schema: convert(objectAt(argument), false) };
    return required.includes(name) ? Object.assign(parameter, { required: true }) : parameter;
  });
  return { parameters, responses: responsesOf(method) };
}

function readPost(method: Json): ReturnType<DescribedOperation["read"]> {
  const schema = (inJson: boolean): Schema => ({
    type: "object",
    properties: Object.fromEntries(
      Object.entries(argumentsOf(method)).map(([name, one]) => [
        name,
        convert(objectAt(one), inJson),
      ]),
    ),
    required: requiredOf(method),
  });
  return {
    parameters: [],
    body: {
      content: {
        "application/x-www-form-urlencoded": schema(false),
        ...(method["json_input_supported"] === true ? { "application/json": schema(true) } : {}),
      },
    },
    responses: responsesOf(method),
  };
}

/** The token is an argument there; we send it as the header that their page recommends. */
function argumentsOf(method: Json): Json {
  const { token: _, ...others } = objectAt(method, "args", "properties");
  return others;
}

function requiredOf(method: Json): string[] {
  return listAt(objectAt(method, "args"), "required").filter(
    (name): name is string => typeof name === "string" && name !== "token",
  );
}

function responsesOf(method: Json): Record<string, Record<string, Schema>> {
  const output = convert(objectAt(method, "output"), true);
  const properties = { ...objectAt(output, "properties"), ...ENVELOPE };
  return { 200: { "application/json": { ...objectAt(output), properties } } };
}

const KEPT = [
  "type",
  "enum",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
];

/** `schema` names a shape that the catalogue does not hold. JSON as text is JSON itself where the whole body is. */
function convert(schema: Json, inJson: boolean): Schema {
  if (schema["schema"] !== undefined) return true;
  if (inJson && /\bJSON\b/.test(textAt(schema, "desc") ?? "")) return true;
  const { items, properties, required, anyOf } = schema;
  const kept = KEPT.filter((keyword) => keyword in schema).map((keyword) => [
    keyword,
    schema[keyword],
  ]);
  return {
    ...Object.fromEntries(kept),
    ...(Array.isArray(required) ? { required } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: anyOf.map((one) => convert(objectAt(one), inJson)) } : {}),
    ...(items === undefined ? {} : { items: convert(objectAt(items), inJson) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(objectAt(properties)).map(([name, one]) => [
              name,
              convert(objectAt(one), inJson),
            ]),
          ),
        }),
  };
}
