import type { Delivery } from "./delivery.ts";
import type { Fact, State } from "./fact.ts";

/** A delivery as people ask about it: the latest of each thing, in a fixed order. */
export type Summary = {
  readonly repository: string;
  readonly commit: string;
  /** `failure` if anything failed, else `running` while anything is under way, else `success` if anything passed. */
  readonly state: State;
  readonly title: string;
  readonly url: string | undefined;
  readonly author: string | undefined;
  readonly committedAtMs: number | undefined;
  readonly branches: readonly string[];
  readonly pulls: readonly Fact[];
  /** The last started run of each workflow. */
  readonly builds: readonly Fact[];
  readonly checks: readonly Fact[];
  /** The last deployment to each environment. */
  readonly deployments: readonly Fact[];
  readonly releases: readonly Fact[];
  readonly changedAtMs: number;
};

/** Sums a record up. Depends on nothing but the record. */
export function summarize({ repository, commit, facts, changedAtMs }: Delivery): Summary {
  const of = (kind: Fact["kind"]): Fact[] =>
    Object.values(facts)
      .filter((fact) => fact.kind === kind)
      .sort((a, b) => compare(a.name, b.name) || compare(a.slot, b.slot));
  const about = facts["commit"];
  const builds = latestByName(of("build"));
  const deployments = latestByName(of("deployment"));
  const checks = of("check");
  const releases = of("release");
  return {
    repository,
    commit,
    state: overall([...builds, ...checks, ...deployments, ...releases]),
    title: about?.name ?? "",
    url: about?.url,
    author: about?.author,
    committedAtMs: about?.startedAtMs,
    branches: of("push").map(({ name }) => name),
    pulls: of("pull"),
    builds,
    checks,
    deployments,
    releases,
    changedAtMs,
  };
}

function overall(facts: readonly Fact[]): State {
  const has = (...states: State[]): boolean => facts.some(({ state }) => states.includes(state));
  if (has("failure")) return "failure";
  if (has("running", "pending")) return "running";
  return has("success") ? "success" : "neutral";
}

/** Expects facts sorted by name; of each name gives the one that began last. */
function latestByName(facts: readonly Fact[]): Fact[] {
  const latest = new Map<string, Fact>();
  for (const fact of facts) {
    const known = latest.get(fact.name);
    if (known === undefined || began(fact) >= began(known)) latest.set(fact.name, fact);
  }
  return [...latest.values()];
}

function began({ startedAtMs, atMs }: Fact): number {
  return startedAtMs ?? atMs;
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
