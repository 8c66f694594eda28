import { Fault } from "#shared/errors";
import { canonicalJson, type StoreRef } from "#shared/state";
import { type Join, lastWriter, mergedBy } from "./version.ts";

/** A store whose rows converge on all clouds. */
export type Replicated = { readonly store: string; readonly join: Join };

/**
 * Declares that a store is replicated. Of concurrent writes the later by hybrid logical clock stays, unless `merge`
 * makes one value of two: it must be commutative, associative and idempotent, and a writer may only add to what it
 * read (a growing set, the highest of counters). Throws `failed_precondition` for a store whose rows cannot expire:
 * what is left of a deleted row has to, some day.
 */
export function replicated<V extends object>(
  { name, schema, ttl }: Pick<StoreRef<V>, "name" | "schema" | "ttl">,
  options: { readonly merge?: (a: V, b: V) => V } = {},
): Replicated {
  if (!ttl) {
    throw new Fault(
      "failed_precondition",
      `replication.define: the rows of "${name}" cannot expire, and so its deletions could not be forgotten; declare the store with ttl`,
    );
  }
  const { merge } = options;
  if (merge === undefined) return { store: name, join: lastWriter };
  const parse = (text: string): V => schema.parse(JSON.parse(text));
  return {
    store: name,
    join: mergedBy((a, b) => canonicalJson(schema.parse(merge(parse(a), parse(b))))),
  };
}
