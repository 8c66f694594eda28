import {
  Contract,
  type Definitions,
  type Exception,
  findOperation,
  type GivenResponse,
  mediaTypeOf,
  type Operation,
  reachable,
  type Schema,
  type SentRequest,
  type Source,
} from "#shared/contracts";
import type { Description } from "./description.ts";
import { Slice } from "./slice.ts";

/** A description and where it came from, by the file it was read from. */
export type DescribedSource = {
  readonly file: string;
  readonly source: Source;
  readonly description: Description;
};

/** An exchange with a vendor, as it went over the wire. */
export type Exchange = { readonly request: SentRequest; readonly response: GivenResponse };

/** The operations that are looked for, as the sources describe them, and their definitions. */
export type Found = {
  readonly operations: readonly Operation[];
  readonly definitions: Definitions;
};

/**
 * The operations that requests ask for, in full. A request is looked for in the sources in order, and a definition
 * carries its source's number, as two sources may use one name for two things.
 */
export function findUsed(
  sources: readonly DescribedSource[],
  requests: readonly SentRequest[],
): Found {
  const found = new Map<unknown, Operation>();
  for (const request of requests) {
    const [index, operation] = lookUp(sources, request);
    const from = sources[index];
    if (from === undefined || operation === undefined || found.has(operation)) continue;
    const { method, path, select, read } = operation;
    const full = { method, path, source: from.file, ...(select ? { select } : {}), ...read() };
    found.set(operation, numbered(full, index));
  }
  const definitions = sources.map(({ description }) => description);
  return { operations: [...found.values()], definitions: lazily(definitions) };
}

function lookUp(
  sources: readonly DescribedSource[],
  request: SentRequest,
): readonly [number, Description["operations"][number] | undefined] {
  for (const [index, { description }] of sources.entries()) {
    const operation = findOperation(description.operations, request);
    if (operation !== undefined) return [index, operation];
  }
  return [-1, undefined];
}

/** Definitions of several descriptions, each read once. */
function lazily(descriptions: readonly Description[]): Definitions {
  const read = new Map<string, Schema>();
  return {
    get(name) {
      const known = read.get(name);
      if (known !== undefined) return known;
      const [, number = "", own = name] = /^(\d+):(.*)$/.exec(name) ?? [];
      const index = number === "" ? 0 : Number(number) - 1;
      const definition = descriptions[index]?.definition(own);
      if (definition === undefined) return undefined;
      const schema = numbered(definition, index);
      read.set(name, schema);
      return schema;
    },
  };
}

/** The first source's names stay as they are. */
function numbered<T>(value: T, index: number): T {
  if (index === 0) return value;
  const text = JSON.stringify(value);
  return JSON.parse(text.replaceAll('"$ref":"#/$defs/', `"$ref":"#/$defs/${index + 1}:`));
}

/**
 * The slice of vendors' descriptions that exchanges use. Operations that no source describes are left out: the check
 * reports them, unless an exception says why.
 */
export function distil(
  sources: readonly DescribedSource[],
  exchanges: readonly Exchange[],
  exceptions: readonly Exception[],
): Contract {
  const { operations, definitions } = findUsed(
    sources,
    exchanges.map(({ request }) => request),
  );
  const slice = new Slice(definitions);
  for (const { request, response } of exchanges) {
    const operation = findOperation(operations, request);
    if (operation === undefined) continue;
    const sent = request.json ?? request.form;
    for (const schema of Object.values(operation.body?.content ?? {})) {
      if (sent !== undefined) slice.use(schema, sent, "request");
    }
    for (const schema of Object.values(operation.responses).flatMap(Object.values<Schema>)) {
      if (response.json !== undefined) slice.use(schema, response.json, "response");
    }
  }
  const cut = operations.map((operation) => cutOperation(operation, slice, exchanges));
  const cutDefinitions: Definitions = {
    get(name) {
      const schema = definitions.get(name);
      return schema === undefined ? undefined : slice.cut(schema);
    },
  };
  // Parsed, so that members stand in the order in which they are read again.
  return Contract.parse({
    sources: Object.fromEntries(sources.map(({ file, source }) => [file, source])),
    exceptions: [...exceptions],
    operations: cut.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b), "en")),
    $defs: sorted(reachable(cut.flatMap(schemasOf), cutDefinitions)),
  });
}

/** Of the answers only those that were recorded, and what stands for any other. */
function cutOperation(
  operation: Operation,
  slice: Slice,
  exchanges: readonly Exchange[],
): Operation {
  const own = exchanges.filter(({ request }) => findOperation([operation], request) !== undefined);
  const statuses = new Set(own.map(({ response }) => response.status));
  const { body, responses } = operation;
  const cutAll = (content: Readonly<Record<string, Schema>>): Record<string, Schema> =>
    sorted(
      Object.fromEntries(Object.entries(content).map(([type, one]) => [type, slice.cut(one)])),
    );
  const recorded = Object.entries(responses).filter(
    ([status]) =>
      statuses.has(Number(status)) ||
      [...statuses].some((one) => responses[one] === undefined && covers(status, one)),
  );
  return {
    ...operation,
    ...(body === undefined
      ? {}
      : { body: { ...body, content: cutAll(sentTypes(body.content, own)) } }),
    responses: Object.fromEntries(recorded.map(([status, content]) => [status, cutAll(content)])),
  };
}

/** Of the media types a body may have those that were sent; all of them where none was. */
function sentTypes(
  content: Readonly<Record<string, Schema>>,
  exchanges: readonly Exchange[],
): Readonly<Record<string, Schema>> {
  const sent = exchanges.flatMap(({ request }) => mediaTypeOf(content, request) ?? []);
  const types = sent.length === 0 ? Object.keys(content) : sent;
  return Object.fromEntries(types.map((type) => [type, content[type] ?? true]));
}

function covers(pattern: string, status: number): boolean {
  return pattern === "default" || pattern === `${Math.trunc(status / 100)}XX`;
}

function schemasOf({ parameters, body, responses }: Operation): Schema[] {
  return [
    ...parameters.map(({ schema }) => schema),
    ...Object.values(body?.content ?? {}),
    ...Object.values(responses).flatMap((content) => Object.values(content)),
  ];
}

function keyOf({ path, method, select = [] }: Operation): string {
  return [path, method, ...select.map(({ value }) => value)].join(" ");
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).toSorted(([a], [b]) => a.localeCompare(b, "en")),
  );
}
