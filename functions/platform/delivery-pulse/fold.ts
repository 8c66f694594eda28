import type { Fact } from "./fact.ts";

/** The facts kept about a commit, one per slot. */
export type Facts = Readonly<Record<string, Fact>>;

/**
 * Takes facts into what is known. Every slot keeps its greatest fact by a total order that looks at nothing but
 * the facts, so the result is the same for any order and any repetition of events: a join, in the sense of
 * https://hal.inria.fr/inria-00555588 (CRDTs). Gives `known` itself when nothing is new.
 */
export function fold(known: Facts, told: readonly Fact[]): Facts {
  const facts = new Map(Object.entries(known));
  let isNew = false;
  for (const fact of told) {
    const kept = facts.get(fact.slot);
    if (kept !== undefined && !isGreater(fact, kept)) continue;
    facts.set(fact.slot, fact);
    isNew = true;
  }
  return isNew ? Object.fromEntries(facts) : known;
}

function isGreater(left: Fact, right: Fact): boolean {
  if (left.atMs !== right.atMs) return left.atMs > right.atMs;
  if (left.weight !== right.weight) return left.weight > right.weight;
  // Two events of the same second that say different things: any choice will do, but always the same one.
  return canonical(left) > canonical(right);
}

/** A text that is equal exactly when the facts are, in whatever order a store gave their fields back. */
function canonical(fact: Fact): string {
  return JSON.stringify(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1)));
}
