import { Fault } from "#shared/errors";
import {
  holds,
  type StateDriver,
  type StateKey,
  type StateRow,
  type StateWrite,
} from "#shared/state";

type Put = Extract<StateWrite, { kind: "put" }>;

/** What a store with etags can do in one request; none of them looks at an expiry. */
export type EtagAction =
  | { readonly kind: "insert"; readonly put: Put }
  | { readonly kind: "upsert"; readonly put: Put }
  | { readonly kind: "replace"; readonly put: Put; readonly etag: string }
  | { readonly kind: "delete"; readonly key: StateKey; readonly etag: string | undefined };

export type EtagStore = {
  read(key: StateKey, signal: AbortSignal | undefined): Promise<StateRow | undefined>;
  /**
   * Does all actions or none, and gives the new etags (empty for a delete). `undefined` when an action met another
   * row: an insert one that exists, a replacement another etag, either of the others no row at all.
   */
  apply(
    actions: readonly EtagAction[],
    signal: AbortSignal | undefined,
  ): Promise<readonly string[] | undefined>;
};

/** The row an action is about. */
export function keyOf(action: EtagAction): StateKey {
  return action.kind === "delete" ? action.key : action.put.key;
}

type Result =
  | { readonly ok: true; readonly handles: readonly string[] }
  | { readonly ok: false; readonly failedAt: number; readonly current: StateRow | undefined };

/** Rows that change under us this often belong to somebody who is faster; the portable class decides what then. */
const MAX_ATTEMPTS = 3;

/**
 * Conditional writes over a store with etags, in one request when nothing is in the way. Only after a refusal the rows
 * are read: a live one fails its condition; an expired one makes room by its own etag, and deleting what is gone is done.
 */
export function conditionalWrites(store: EtagStore): Pick<StateDriver, "write" | "transact"> {
  return {
    async write(write, signal) {
      const result = await applyWrites(store, [write], signal);
      return result.ok
        ? { ok: true, handle: result.handles[0] ?? "" }
        : { ok: false, current: result.current };
    },
    async transact(writes, signal) {
      const result = await applyWrites(store, writes, signal);
      return result.ok ? result : { ok: false, failedAt: result.failedAt };
    },
  };
}

async function applyWrites(
  store: EtagStore,
  writes: readonly StateWrite[],
  signal: AbortSignal | undefined,
): Promise<Result> {
  const readAll = (): Promise<readonly (StateRow | undefined)[]> =>
    Promise.all(writes.map(({ key }) => store.read(key, signal)));
  let rows = writes.some(isBlindDelete) ? await readAll() : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const failedAt = rows === undefined ? -1 : firstFailure(writes, rows);
    if (failedAt !== -1) return { ok: false, failedAt, current: rows?.[failedAt] };
    const handles = await submit(store, writes, rows, signal);
    if (handles !== undefined) return { ok: true, handles };
    if (attempt === MAX_ATTEMPTS) throw busy();
    rows = await readAll();
  }
}

/** No store deletes on condition that nothing is there. */
function isBlindDelete({ kind, condition }: StateWrite): boolean {
  return kind === "delete" && condition.kind === "absent";
}

function firstFailure(
  writes: readonly StateWrite[],
  rows: readonly (StateRow | undefined)[],
): number {
  return writes.findIndex(({ condition }, index) => !holds(condition, rows[index]));
}

async function submit(
  store: EtagStore,
  writes: readonly StateWrite[],
  rows: readonly (StateRow | undefined)[] | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  const planned = writes.map((write, index) =>
    write.kind === "put"
      ? putAction(write, rows?.[index])
      : deleteAction(write, rows === undefined ? undefined : { row: rows[index] }),
  );
  const actions = planned.filter((action) => action !== undefined);
  const etags = actions.length === 0 ? [] : await store.apply(actions, signal);
  let next = 0;
  return etags && planned.map((action) => (action === undefined ? "" : (etags[next++] ?? "")));
}

function putAction(put: Put, row: StateRow | undefined): EtagAction {
  if (put.condition.kind === "any") return { kind: "upsert", put };
  if (put.condition.kind === "handle") {
    return { kind: "replace", put, etag: put.condition.handle };
  }
  return row === undefined ? { kind: "insert", put } : { kind: "replace", put, etag: row.handle };
}

function deleteAction(
  { key, condition }: StateWrite,
  known: { readonly row: StateRow | undefined } | undefined,
): EtagAction | undefined {
  if (condition.kind === "handle") return { kind: "delete", key, etag: condition.handle };
  if (known !== undefined && known.row === undefined) return undefined;
  return {
    kind: "delete",
    key,
    etag: condition.kind === "absent" ? known?.row?.handle : undefined,
  };
}

function busy(): Fault {
  return new Fault("aborted", "state.write: the rows change faster than they are read; try again", {
    origin: "platform",
  });
}
