import type { FirestoreClient } from "@google-cloud/firestore-api";
import {
  holds,
  type StateDriver,
  type StateKey,
  type StateRow,
  type StateWrite,
} from "#shared/state";
import {
  documentName,
  firstGuard,
  type Guard,
  guardOf,
  partitionPath,
  toHandle,
  toQuery,
  toRows,
  toWrite,
} from "./firestore-documents.ts";
import { codeOfGoogle, collect, connectLazily, singleAttempt, statusOf } from "./google-client.ts";

export type FirestoreOptions = {
  readonly project: string;
  /** A database in native mode; `(default)` when left out. */
  readonly database?: string;
  /** Endpoint and credentials, as Google's client takes them; the environment's when left out. */
  readonly client?: ConstructorParameters<typeof FirestoreClient>[0];
};

type Call = { readonly client: FirestoreClient; readonly signal: AbortSignal | undefined };
type Outcome =
  | { readonly ok: true; readonly handles: readonly string[] }
  | { readonly ok: false; readonly failedAt: number; readonly current: StateRow | undefined };

const INVALID_ARGUMENT = 3;
/**
 * What a document that is not as expected may answer: FAILED_PRECONDITION, ALREADY_EXISTS, NOT_FOUND, and
 * INVALID_ARGUMENT where the expected update is younger than the document.
 */
const REFUSED: ReadonlySet<unknown> = new Set([INVALID_ARGUMENT, 5, 6, 9]);

/** Nobody's condition failed, and yet the writes were refused: the rows changed between two looks at them. */
class Contended extends Error {}

/**
 * State on Firestore in native mode. A row's handle is its document's update time.
 *
 * All writes are commits with preconditions and no transaction is opened: a commit is atomic, needs one request where
 * a transaction needs three, and holds no lock while its answer travels
 * (https://firebase.google.com/docs/reference/rest/v1/projects.databases.documents/commit).
 */
export function firestoreState(options: FirestoreOptions): StateDriver {
  const root = `projects/${options.project}/databases/${options.database ?? "(default)"}`;
  const connection = connectLazily(async () => {
    const sdk = await import("./firestore-sdk.ts");
    return new sdk.FirestoreClient(options.client);
  });
  const begin = async (signal: AbortSignal | undefined): Promise<Call> => {
    const client = await connection.get();
    signal?.throwIfAborted();
    return { client, signal };
  };
  return {
    name: "firestore",
    async read(key, signal) {
      const [row] = await readRows(root, await begin(signal), [{ key }]);
      return row;
    },
    async write(write, signal) {
      const outcome = await apply(root, await begin(signal), [write]);
      if (!outcome.ok) return { ok: false, current: outcome.current };
      return { ok: true, handle: outcome.handles[0] ?? "" };
    },
    async transact(writes, signal) {
      const outcome = await apply(root, await begin(signal), writes);
      return outcome.ok ? outcome : { ok: false, failedAt: outcome.failedAt };
    },
    async list(range, signal) {
      const { client } = await begin(signal);
      const request = { parent: partitionPath(root, range), structuredQuery: toQuery(range) };
      return toRows(await collect(client.runQuery(request, singleAttempt), signal), range);
    },
    codeOf: (error) => (error instanceof Contended ? "aborted" : codeOfGoogle(error)),
    close: () => connection.close(),
  };
}

/**
 * Commits at once what most writes meet. Where Firestore refuses, the rows tell: a condition failed, or the key of an
 * `absent` is held by an expired row, which is then replaced as it was read.
 */
async function apply(root: string, call: Call, writes: readonly StateWrite[]): Promise<Outcome> {
  let guards: readonly (Guard | undefined)[] = writes.map(({ condition }) => firstGuard(condition));
  let refusal: unknown;
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const result = await commit(root, call, writes, guards);
    if (result.ok) return result;
    const rows = await readRows(root, call, writes);
    const failedAt = writes.findIndex(({ condition }, index) => !holds(condition, rows[index]));
    if (failedAt !== -1) return { ok: false, failedAt, current: rows[failedAt] };
    refusal = result.refusal;
    if (statusOf(refusal) === INVALID_ARGUMENT) throw refusal;
    guards = writes.map(({ condition }, index) =>
      condition.kind === "any" ? {} : guardOf(rows[index]?.handle),
    );
  }
  throw new Contended("the rows changed while they were written", { cause: refusal });
}

type Commit =
  | { readonly ok: true; readonly handles: readonly string[] }
  | { readonly ok: false; readonly refusal?: unknown };

/** Writes all, if every document is as its guard says. */
async function commit(
  root: string,
  { client, signal }: Call,
  writes: readonly StateWrite[],
  guards: readonly (Guard | undefined)[],
): Promise<Commit> {
  if (guards.includes(undefined)) return { ok: false };
  const request = {
    database: root,
    writes: writes.map((write, index) => toWrite(root, write, guards[index])),
  };
  const options = signal === undefined ? singleAttempt : { ...singleAttempt, signal };
  try {
    const [{ writeResults }] = await client.commit(request, options);
    return { ok: true, handles: (writeResults ?? []).map((result) => toHandle(result.updateTime)) };
  } catch (refusal) {
    if (REFUSED.has(statusOf(refusal))) return { ok: false, refusal };
    throw refusal;
  }
}

/** The rows of keys of one partition as of one moment, in the order of the keys. */
async function readRows(
  root: string,
  { client, signal }: Call,
  wanted: readonly { readonly key: StateKey }[],
): Promise<readonly (StateRow | undefined)[]> {
  const at = wanted[0]?.key;
  if (at === undefined) return [];
  const request = { database: root, documents: wanted.map(({ key }) => documentName(root, key)) };
  const rows = toRows(await collect(client.batchGetDocuments(request, singleAttempt), signal), at);
  return wanted.map(({ key }) => rows.find((row) => row.key.sort === key.sort));
}
