import { Fault } from "#shared/errors";
import * as z from "zod";
import { VendorDocument } from "./client.ts";
import { fieldPath, formatFieldPath, NAME_FIELD, parseFieldPath } from "./field-path.ts";
import { collectionPath, maskOf, type Place, readableField, splitCollection } from "./place.ts";
import { encodeValue, Value, VendorValue } from "./value.ts";

/** https://cloud.google.com/firestore/docs/reference/rest/v1/StructuredQuery#Operator_1 */
const operators = {
  "==": "EQUAL",
  "!=": "NOT_EQUAL",
  "<": "LESS_THAN",
  "<=": "LESS_THAN_OR_EQUAL",
  ">": "GREATER_THAN",
  ">=": "GREATER_THAN_OR_EQUAL",
  in: "IN",
  "not-in": "NOT_IN",
  "array-contains": "ARRAY_CONTAINS",
  "array-contains-any": "ARRAY_CONTAINS_ANY",
} as const;

/** https://cloud.google.com/firestore/docs/reference/rest/v1/StructuredQuery#Operator_2 */
const states = {
  null: "IS_NULL",
  "not-null": "IS_NOT_NULL",
  nan: "IS_NAN",
  "not-nan": "IS_NOT_NAN",
} as const;

/** By which documents are ordered before all else, if nothing else is said. */
const INEQUALITIES: ReadonlySet<string> = new Set(["!=", "<", "<=", ">", ">=", "not-in"]);

const Condition = z.union([
  z.strictObject({
    field: fieldPath,
    op: z.enum([
      "==",
      "!=",
      "<",
      "<=",
      ">",
      ">=",
      "in",
      "not-in",
      "array-contains",
      "array-contains-any",
    ]),
    value: Value,
  }),
  z.strictObject({ field: fieldPath, is: z.enum(["null", "not-null", "nan", "not-nan"]) }),
]);
type Condition = z.infer<typeof Condition>;

/** Firestore allows 100 filters and 30 alternatives: https://cloud.google.com/firestore/docs/query-data/queries#query_limitations */
const where = z
  .array(
    z.union([
      Condition,
      /** Alternatives, each a list of conditions that all hold. */
      z.strictObject({ anyOf: z.array(z.array(Condition).min(1).max(100)).min(1).max(30) }),
    ]),
  )
  .max(100)
  .default([]);

/** Which documents. */
export const selection = {
  collection: collectionPath,
  /** Also the collections of that name below all documents there. */
  allDescendants: z.boolean().default(false),
  where,
};

/** Which documents, in which order, and what of them. */
export const query = {
  ...selection,
  orderBy: z
    .array(z.strictObject({ field: fieldPath, direction: z.enum(["asc", "desc"]).default("asc") }))
    .max(100)
    .default([]),
  /** All that the connection may read, where it is left out. */
  fields: z.array(fieldPath).min(1).max(100).optional(),
};

const Query = z.object(query);
export type Query = z.output<typeof Query>;
type Selection = Pick<Query, "collection" | "allDescendants" | "where">;
type Order = { readonly field: string; readonly direction: "asc" | "desc" };

/** The part of a query that says which documents. Throws `permission_denied` for fields that are not to be read. */
export function encodeSelection(
  place: Place,
  { collection, allDescendants, where: all }: Selection,
) {
  const { parent, id } = splitCollection(place, collection);
  const filters = all.map((one) =>
    "anyOf" in one
      ? composite(
          "OR",
          one.anyOf.map((some) =>
            composite(
              "AND",
              some.map((each) => leaf(place, each)),
            ),
          ),
        )
      : leaf(place, one),
  );
  return {
    parent,
    structuredQuery: {
      from: [allDescendants ? { collectionId: id, allDescendants } : { collectionId: id }],
      ...(filters.length === 0 ? {} : { where: composite("AND", filters) }),
    },
  };
}

function composite(op: "AND" | "OR", filters: readonly object[]): object {
  const [only, ...others] = filters;
  return only !== undefined && others.length === 0 ? only : { compositeFilter: { op, filters } };
}

function leaf(place: Place, condition: Condition): object {
  const field = { fieldPath: readableField(place, condition.field) };
  if ("is" in condition) return { unaryFilter: { op: states[condition.is], field } };
  const value = encodeValue(condition.value, place);
  return { fieldFilter: { field, op: operators[condition.op], value } };
}

/**
 * The whole order of a query, as Firestore completes it: fields of inequalities that it lacks in the order of their names,
 * then the document's name, in the direction of the last one
 * (https://cloud.google.com/firestore/docs/reference/rest/v1/StructuredQuery#FIELDS.order_by). Written out, so that a
 * document's values are a position in it.
 */
export function wholeOrder({ where: all, orderBy }: Pick<Query, "where" | "orderBy">): Order[] {
  const order: Order[] = orderBy.map(({ field, direction }) => ({
    field: canonical(field),
    direction,
  }));
  const direction = order.at(-1)?.direction ?? "asc";
  const conditions = all.flatMap((one) => ("anyOf" in one ? one.anyOf.flat() : [one]));
  const unequal = conditions.filter((one) =>
    "op" in one ? INEQUALITIES.has(one.op) : one.is.startsWith("not-"),
  );
  for (const field of unequal.map((one) => canonical(one.field)).toSorted()) {
    if (!order.some((one) => one.field === field)) order.push({ field, direction });
  }
  if (!order.some(({ field }) => field === NAME_FIELD))
    order.push({ field: NAME_FIELD, direction });
  return order;
}

function canonical(field: string): string {
  return field === NAME_FIELD ? field : formatFieldPath(parseFieldPath(field));
}

/** A query as it is sent: with its order, from a position on, and with the fields that make the next position. */
export function encodeQuery(
  place: Place,
  given: Query,
  at: { readonly limit: number; readonly from?: string | undefined },
) {
  const { parent, structuredQuery } = encodeSelection(place, given);
  const order = wholeOrder(given);
  const mask = maskOf(place, given.fields);
  const orderFields = order
    .map(({ field }) => readableField(place, field))
    .filter((field) => field !== NAME_FIELD);
  const fields = mask && [...new Set([...mask, ...orderFields])];
  const values = at.from === undefined ? undefined : readCursor(at.from, order.length);
  return {
    parent,
    order,
    json: {
      structuredQuery: {
        ...structuredQuery,
        orderBy: order.map(({ field, direction }) => ({
          field: { fieldPath: field },
          direction: direction === "asc" ? "ASCENDING" : "DESCENDING",
        })),
        ...(fields === undefined
          ? {}
          : { select: { fields: fields.map((one) => ({ fieldPath: one })) } }),
        ...(values === undefined ? {} : { startAt: { values, before: false } }),
        limit: at.limit,
      },
    },
  };
}

/** The position behind a document: its values in the order of the query, opaque to our callers. */
export function cursorAfter(document: VendorDocument, order: readonly Order[]): string {
  const values = order.map(({ field }): VendorValue => {
    if (field === NAME_FIELD) return { referenceValue: document.name };
    let at: VendorValue = { mapValue: { fields: document.fields ?? {} } };
    for (const name of parseFieldPath(field)) {
      const members = at.mapValue?.fields ?? {};
      at = (Object.hasOwn(members, name) ? members[name] : undefined) ?? { nullValue: null };
    }
    return at;
  });
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

function readCursor(text: string, length: number): readonly VendorValue[] {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    return z.array(VendorValue).length(length).parse(json);
  } catch {
    throw new Fault(
      "invalid_argument",
      "firestore.query: this is no position of this query; give a `next` back as it was, with the same query",
      { origin: "caller", details: { field: "from" } },
    );
  }
}

/** https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.documents/runQuery */
export const QueryAnswer = z.array(
  z.object({ document: VendorDocument.optional(), readTime: z.string().optional() }),
);

/** The documents of an answer, and the time at which they were so. */
export function readAnswer(parts: z.infer<typeof QueryAnswer>): {
  readonly documents: readonly VendorDocument[];
  readonly readTime: string;
} {
  return {
    documents: parts.flatMap(({ document }) => document ?? []),
    readTime: parts.findLast(({ readTime }) => readTime !== undefined)?.readTime ?? "",
  };
}

/** A document without the fields that were only read for the position. */
export function withoutOrderFields(
  document: VendorDocument,
  mask: readonly string[] | undefined,
): VendorDocument {
  if (mask === undefined) return document;
  const kept = mask.filter((field) => field !== NAME_FIELD).map(parseFieldPath);
  return { ...document, fields: prune(document.fields ?? {}, kept) };
}

type Members = Record<string, VendorValue>;

function prune(fields: Readonly<Members>, kept: readonly (readonly string[])[]): Members {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, VendorValue][] => {
      const below = kept.filter(([first]) => first === name).map(([, ...rest]) => rest);
      if (below.length === 0) return [];
      if (below.some((rest) => rest.length === 0)) return [[name, value]];
      return [[name, { mapValue: { fields: prune(value.mapValue?.fields ?? {}, below) } }]];
    }),
  );
}
