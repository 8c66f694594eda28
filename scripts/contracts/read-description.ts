import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Description, Json } from "./description.ts";
import { readDiscovery } from "./discovery.ts";
import { readOpenApi } from "./openapi.ts";
import { readSlackMethods } from "./slack-methods.ts";
import { readSmithy } from "./smithy.ts";
import { readSwagger } from "./swagger.ts";

/** Tells a format by a member that only it has. */
const readers: readonly (readonly [member: string, read: (document: Json) => Description])[] = [
  ["openapi", readOpenApi],
  ["swagger", readSwagger],
  ["discoveryVersion", readDiscovery],
  ["smithy", readSmithy],
  ["_catalog", readSlackMethods],
];

/** Reads a vendor's description from a JSON or YAML file. Throws for what is in none of the known formats. */
export function readDescription(file: string): Description {
  const text = readFileSync(file, "utf8");
  const document: unknown = /\.ya?ml$/.test(file) ? parse(text) : JSON.parse(text);
  return describe(Json.parse(document));
}

/** The same for a document that is read already. */
export function describe(document: Json): Description {
  const reader = readers.find(([member]) => Object.hasOwn(document, member));
  if (reader !== undefined) return reader[1](document);
  throw new Error(
    "the description is none of OpenAPI 3, Swagger 2, Google Discovery, Smithy JSON and Slack's methods",
  );
}
