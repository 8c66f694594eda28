import type { Operation, Parameter } from "./contract.ts";
import { type Asked, matchPath } from "./path-template.ts";
import type { SchemaChecks } from "./schema-checks.ts";

/** Something that is not as described: `at` says of which part, `query filter` or `body /blocks`. */
export type Finding = { readonly at: string; readonly message: string };

/** What every request has, whatever a description says of it. */
const OWN_HEADERS = new Set(["accept", "authorization", "content-type", "user-agent", "host"]);

/** Holds the path, the query and the described headers of a request to its operation. */
export function checkParameters(
  checks: SchemaChecks,
  operation: Operation,
  asked: Asked,
): Finding[] {
  const inPath = matchPath(operation.path, asked.path) ?? {};
  return operation.parameters
    .flatMap((parameter) => {
      const values = valuesOf(parameter, inPath, asked);
      const at = `${parameter.in} ${parameter.name}`;
      if (values !== undefined) return valueFindings(checks, parameter, at, values);
      const missing = parameter.required === true && isRecorded(parameter, asked);
      return missing ? [{ at, message: "is required" }] : [];
    })
    .concat(undescribed(operation, asked));
}

type Values = string | readonly string[];

function valuesOf(
  { in: place, name, style }: Parameter,
  inPath: Readonly<Record<string, string>>,
  asked: Asked,
): Values | undefined {
  if (place === "path") return inPath[name];
  if (place === "header") return asked.headers?.[name.toLowerCase()];
  if (style !== "deepObject") return asked.query[name];
  return Object.keys(asked.query).some((key) => key.startsWith(`${name}[`)) ? [] : undefined;
}

function isRecorded({ in: place, name }: Parameter, { headers }: Asked): boolean {
  return place !== "header" || (headers !== undefined && !OWN_HEADERS.has(name.toLowerCase()));
}

function valueFindings(
  checks: SchemaChecks,
  { schema, style }: Parameter,
  at: string,
  values: Values,
): Finding[] {
  if (style !== undefined) return [];
  const tried = readings(values).map((value) => checks.check(schema, "request", value));
  if (tried.some((misfits) => misfits.length === 0)) return [];
  return (tried[0] ?? []).map(({ message }) => ({ at, message }));
}

/** What a text on the wire may stand for: itself, a number, a truth, or a list of such. */
function readings(values: Values): unknown[] {
  if (typeof values !== "string") return [values, values.map(scalar)];
  const list = values.split(",");
  return [values, scalar(values), list, list.map(scalar)];
}

/** The number or truth that a text spells, or the text. */
export function scalar(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function undescribed({ parameters, select = [] }: Operation, { query }: Asked): Finding[] {
  if (parameters.some(({ style }) => style === "any")) return [];
  const known = new Set([
    ...select.map(({ name }) => name),
    ...parameters.flatMap(({ in: place, name }) => (place === "query" ? [name] : [])),
  ]);
  return Object.keys(query)
    .filter((name) => !known.has(name) && !known.has(name.replace(/\[.*$/, "")))
    .map((name) => ({ at: `query ${name}`, message: "is not described" }));
}
