import type { protos } from "@google-cloud/firestore-api";
import type { StateCondition, StateKey, StateRange, StateRow, StateWrite } from "#shared/state";
import * as z from "zod";

type Firestore = typeof protos.google.firestore.v1;
type Precondition = protos.google.firestore.v1.IPrecondition;
type Write = protos.google.firestore.v1.IWrite;
type Query = protos.google.firestore.v1.IStructuredQuery;
type Filter = protos.google.firestore.v1.StructuredQuery.IFilter;
type Operator = keyof Firestore["StructuredQuery"]["FieldFilter"]["Operator"];

/** One name for the rows of all stores: the TTL policy and the index exemptions are set per collection group. */
export const ROWS = "rows";

const text = z.object({ stringValue: z.string() });
const Timestamp = z.object({ seconds: z.coerce.number(), nanos: z.int() });
const Document = z.object({
  updateTime: Timestamp,
  fields: z.object({
    sort: text,
    data: text,
    rev: text,
    expiresAt: z.object({ timestampValue: Timestamp }).optional(),
  }),
});

const Answer = z.object({ found: Document.nullish(), document: Document.nullish() });

/** The path of a store's partition. Keys arrive escaped: no slash, no dots alone, no `__x__`. */
export function partitionPath(root: string, at: Pick<StateKey, "store" | "partition">): string {
  return `${root}/documents/${at.store}/${at.partition}`;
}

/** The full name of a row's document. */
export function documentName(root: string, key: StateKey): string {
  return `${partitionPath(root, key)}/${ROWS}/${key.sort}`;
}

/**
 * A row as a write of its document. `expiresAt` is the field of the TTL policy, which only collects garbage; `sort`
 * is the one field to index: `data`, `rev` and `expiresAt` are to be exempted.
 */
export function toWrite(root: string, write: StateWrite, guard: Guard = {}): Write {
  const name = documentName(root, write.key);
  if (write.kind === "delete") return { delete: name, ...guard };
  const { key, data, rev, expiresAtSeconds } = write;
  const expiry = expiresAtSeconds === null ? {} : { expiresAt: expiryOf(expiresAtSeconds) };
  const fields = {
    sort: { stringValue: key.sort },
    data: { stringValue: data },
    rev: { stringValue: rev },
    ...expiry,
  };
  return { update: { name, fields }, ...guard };
}

/** The rows of one partition in the answers of a read or a query, which also tell of missing documents and progress. */
export function toRows(
  answers: readonly unknown[],
  at: Pick<StateKey, "store" | "partition">,
): StateRow[] {
  return answers.flatMap((answer) => {
    const { found, document = found } = Answer.parse(answer);
    return document ? [toRow(document, at)] : [];
  });
}

function toRow(
  { fields, updateTime }: z.output<typeof Document>,
  { store, partition }: Pick<StateKey, "store" | "partition">,
): StateRow {
  return {
    key: { store, partition, sort: fields.sort.stringValue },
    data: fields.data.stringValue,
    rev: fields.rev.stringValue,
    expiresAtSeconds: fields.expiresAt?.timestampValue.seconds ?? null,
    handle: toHandle(updateTime),
  };
}

/** The time of an update as text; empty for a delete, which has none. */
export function toHandle(updateTime: unknown): string {
  const parsed = Timestamp.nullish().parse(updateTime);
  return parsed ? `${parsed.seconds}.${String(parsed.nanos).padStart(9, "0")}` : "";
}

/** What a document must be like for its write to happen; empty when it may be anything. */
export type Guard = { readonly currentDocument?: Precondition };

/**
 * The guard that a condition asks for before its row was read. `undefined` when the handle names no update of a
 * document, so that nothing can meet it.
 */
export function firstGuard(condition: StateCondition): Guard | undefined {
  if (condition.kind === "any") return {};
  return guardOf(condition.kind === "absent" ? undefined : condition.handle);
}

/** The guard that a document is still at an update, or still absent. */
export function guardOf(handle: string | undefined): Guard | undefined {
  if (handle === undefined) return { currentDocument: { exists: false } };
  const [, seconds, nanos] = /^(\d{1,11})\.(\d{9})$/.exec(handle) ?? [];
  if (seconds === undefined || nanos === undefined) return undefined;
  return { currentDocument: { updateTime: { seconds: Number(seconds), nanos: Number(nanos) } } };
}

/**
 * The query of a range. It is ordered by the `sort` field and not by the document's name: Firestore keeps no index of
 * names in descending order (https://github.com/firebase/flutterfire/issues/4398), and the order is the same.
 */
export function toQuery(range: StateRange): Query {
  const { from, to, after, descending, limit } = range;
  const filters = [
    compare("GREATER_THAN_OR_EQUAL", from),
    ...(to === undefined ? [] : [compare("LESS_THAN", to)]),
    ...(after === undefined ? [] : [compare(descending ? "LESS_THAN" : "GREATER_THAN", after)]),
  ];
  return {
    from: [{ collectionId: ROWS }],
    where: { compositeFilter: { op: "AND", filters } },
    orderBy: [{ field: { fieldPath: "sort" }, direction: descending ? "DESCENDING" : "ASCENDING" }],
    limit: { value: limit },
  };
}

function compare(op: Operator, sort: string): Filter {
  return { fieldFilter: { field: { fieldPath: "sort" }, op, value: { stringValue: sort } } };
}

function expiryOf(seconds: number): { timestampValue: { seconds: number; nanos: number } } {
  return { timestampValue: { seconds, nanos: 0 } };
}
