import { isDeepStrictEqual } from "node:util";
import { Fault } from "#shared/errors";
import { type Api, defineAction } from "#shared/integration";
import * as z from "zod";
import { documentsReference, scopes, VendorDocument } from "../client.ts";
import { fieldPath, parseFieldPath } from "../field-path.ts";
import { documentPath, type Place, placeOf, readableField, resource } from "../place.ts";
import { decodeFields, decodeValue, encodeValue, Value } from "../value.ts";
import { CommitAnswer, encodeWrite, MAX_WRITES, toResult, Write, WriteResult } from "../write.ts";

const Condition = z.union([
  z.strictObject({ document: documentPath, exists: z.boolean() }),
  /** Times are compared as Firestore gives them. */
  z.strictObject({ document: documentPath, field: fieldPath, equals: Value }),
  z.strictObject({ document: documentPath, field: fieldPath, atLeast: z.number() }),
  z.strictObject({ document: documentPath, field: fieldPath, atMost: z.number() }),
]);
type Condition = z.infer<typeof Condition>;

const Output = z.object({
  committed: z.boolean(),
  commitTime: z.string().nullable(),
  results: z.array(WriteResult),
  /** Which of the conditions did not hold, by their position; nothing was written then. */
  unmet: z.array(z.int()),
});

const Read = z.array(
  z.object({ transaction: z.string().optional(), found: VendorDocument.optional() }),
);

export const runTransaction = defineAction({
  summary: "Check conditions on documents and apply writes in one transaction, all of them or none",
  docs: `${documentsReference}/batchGet`,
  scopes,
  effect: "write",
  idempotency: {
    kind: "none",
    why: "Firestore takes no key, and increments add up; only what it aborted is tried again",
  },
  input: z.object({
    require: z.array(Condition).min(1).max(100),
    writes: z.array(Write).min(1).max(MAX_WRITES),
    /** How often it is tried while others write to the same documents. */
    attempts: z.int().min(1).max(5).default(3),
  }),
  output: Output,
  async run(api, { require: conditions, writes, attempts }) {
    const place = placeOf(api);
    const encoded = writes.map((write) => encodeWrite(place, write));
    let transaction: string | undefined;
    for (let attempt = 1; ; attempt++) {
      const begun = await begin(api, place, conditions, transaction);
      transaction = begun.transaction;
      const unmet = conditions.flatMap((one, index) =>
        holds(place, one, begun.documents) ? [] : [index],
      );
      if (unmet.length > 0) {
        await rollback(api, place, transaction);
        return { committed: false, commitTime: null, results: [], unmet };
      }
      try {
        const { commitTime, writeResults = [] } = await ask(api, place, ":commit", {
          json: { writes: encoded, transaction },
          response: CommitAnswer,
        });
        const results = writes.map((write, index) =>
          toResult(place, write, writeResults[index] ?? {}),
        );
        return { committed: true, commitTime, results, unmet: [] };
      } catch (error) {
        // Only this says for certain that nothing was written: https://cloud.google.com/firestore/docs/transaction-data-contention
        if (!Fault.is(error) || error.code !== "aborted" || attempt >= attempts) throw error;
      }
    }
  },
});

function ask<O extends z.ZodType>(
  api: Api,
  { databaseName }: Place,
  verb: string,
  call: { readonly json: object; readonly response: O; readonly safe?: true },
): Promise<z.output<O>> {
  return api.request({
    method: "POST",
    path: resource(`${databaseName}/documents`, verb),
    ...call,
  });
}

/** Begins a transaction by reading what the conditions are about. One that is begun twice is forgotten once. */
async function begin(
  api: Api,
  place: Place,
  conditions: readonly Condition[],
  retryTransaction: string | undefined,
): Promise<{ readonly transaction: string; readonly documents: Documents }> {
  const names = new Set(conditions.map(({ document }) => place.prefix + document));
  const fields = conditions.flatMap((one) =>
    "field" in one ? [readableField(place, one.field)] : [],
  );
  const fieldPaths = fields.length === 0 ? ["__name__"] : [...new Set(fields)];
  const newTransaction = { readWrite: { retryTransaction } };
  const answer = await ask(api, place, ":batchGet", {
    json: { documents: [...names], mask: { fieldPaths }, newTransaction },
    response: Read,
    safe: true,
  });
  return {
    transaction: answer.find((one) => one.transaction !== undefined)?.transaction ?? "",
    documents: new Map(
      answer.flatMap(({ found }) => (found === undefined ? [] : [[found.name, found]])),
    ),
  };
}

type Documents = ReadonlyMap<string, VendorDocument>;

function holds(place: Place, condition: Condition, documents: Documents): boolean {
  const document = documents.get(place.prefix + condition.document);
  if ("exists" in condition) return (document !== undefined) === condition.exists;
  let value: Value | undefined = document && decodeFields(document.fields ?? {}, place);
  for (const name of parseFieldPath(condition.field)) {
    value = memberOf(value, name);
  }
  if ("equals" in condition) {
    return isDeepStrictEqual(value, decodeValue(encodeValue(condition.equals, place), place));
  }
  if (typeof value !== "number") return false;
  return "atLeast" in condition ? value >= condition.atLeast : value <= condition.atMost;
}

function memberOf(value: Value | undefined, name: string): Value | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

async function rollback(api: Api, place: Place, transaction: string): Promise<void> {
  await ask(api, place, ":rollback", { json: { transaction }, response: z.unknown(), safe: true });
}
