import { Fault } from "#shared/errors";
import { store, type Store } from "#shared/state";
import * as z from "zod";

export const IdempotentCall = z.object({
  /** What the key belongs to: an action, a function. */
  scope: z.string(),
  key: z.string(),
  fingerprint: z.string(),
  status: z.enum(["running", "done"]),
  answer: z.unknown(),
});

export type IdempotentCall = z.infer<typeof IdempotentCall>;

/** Keys in use, and the answers to keys that were. Scoped to the tenant like every store. */
export const idempotentCalls = store("idempotency", {
  schema: IdempotentCall,
  partition: "scope",
  sort: "key",
  ttl: true,
  acrossClouds: "home",
});

export type IdempotencyStore = Pick<
  Store<IdempotentCall, Pick<IdempotentCall, "scope" | "key">>,
  "create" | "put" | "delete"
>;

export type KeyedCall = Pick<IdempotentCall, "scope" | "key" | "fingerprint"> & {
  /** After this long an attempt that never reported back counts as dead. */
  readonly leaseSeconds: number;
  /** How long the answer is kept. */
  readonly ttlSeconds: number;
};

export type Outcome = { readonly answer: unknown; readonly replayed: boolean };

/**
 * Clocks of two instances, each up to 10 s off, differ by 20, and a frozen instance wakes up late: a slower attempt is
 * not yet a dead one. (With 5 s the failover scenario of `npm run simulate` doubled an effect with its first seed.)
 */
const MARGIN_SECONDS = 30;
const RETRY_AFTER_MS = 1_000;

/**
 * Runs work at most once per key: a repeat with the same fingerprint gets the stored answer. Every write is based on
 * the revision that took the key, so that an attempt which was given up cannot overwrite its successor.
 *
 * Throws `key_reused` for another fingerprint and `aborted` (with `retryAfterMs`) while the first attempt runs, both
 * from `caller`. What the work throws goes through and frees the key, unless `details.outcome` is "unknown": then the
 * key stays taken for the time an attempt may last, because a repeat might double the effect.
 */
export async function once(
  rows: IdempotencyStore,
  call: KeyedCall,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  const { scope, key, fingerprint } = call;
  const row: IdempotentCall = { scope, key, fingerprint, status: "running", answer: null };
  const taken = await rows.create(row, { ttlSeconds: call.leaseSeconds + MARGIN_SECONDS });
  if (!taken.ok) return replay(call, taken.current?.value);
  let answer: unknown;
  try {
    answer = (await work()) ?? null;
  } catch (thrown) {
    if (!isOutcomeUnknown(thrown)) {
      // If even this fails, the key frees itself after the timeout; the first failure is the one to report.
      await rows.delete({ scope, key }, { ifRev: taken.rev }).catch(() => undefined);
    }
    throw thrown;
  }
  const done: IdempotentCall = { ...row, status: "done", answer };
  await rows.put(done, { ifRev: taken.rev, ttlSeconds: call.ttlSeconds });
  return { answer, replayed: false };
}

/** True for a failure that leaves open whether the effect took place. */
export function isOutcomeUnknown(thrown: unknown): boolean {
  return Fault.is(thrown) && thrown.details["outcome"] === "unknown";
}

function replay(call: KeyedCall, current: IdempotentCall | undefined): Outcome {
  if (current !== undefined && current.fingerprint !== call.fingerprint) {
    throw new Fault(
      "key_reused",
      "idempotency.begin: the key was used before with another input; use a new key",
      { origin: "caller" },
    );
  }
  if (current?.status === "done") return { answer: current.answer, replayed: true };
  throw new Fault(
    "aborted",
    "idempotency.begin: the first call with this key is still running; repeat it later",
    { origin: "caller", retryAfterMs: RETRY_AFTER_MS },
  );
}
