import type { Delivery } from "../delivery.ts";
import type { Fact } from "../fact.ts";

/** A fact for tests; its slot is its kind and name unless told otherwise. */
export function sampleFact(kind: Fact["kind"], name: string, over: Partial<Fact> = {}): Fact {
  const url = kind === "commit" ? { url: "https://github.com/octo/repo/commit/a" } : {};
  const slot = `${kind}:${name}`;
  return { slot, kind, name, state: "neutral", atMs: 0, weight: 0, ...url, ...over };
}

/** A record for tests that knows these facts. */
export function sampleDelivery(facts: readonly Fact[]): Delivery {
  return {
    repository: "octo/repo",
    commit: "a".repeat(40),
    facts: Object.fromEntries(facts.map((fact) => [fact.slot, fact])),
    version: 1,
    changedAtMs: 0,
  };
}
