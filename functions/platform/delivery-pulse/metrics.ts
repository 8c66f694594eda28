import type { Delivery } from "./delivery.ts";
import type { Fact } from "./fact.ts";

/**
 * Delivery performance of a repository over a span of time, after DORA
 * (https://dora.dev/guides/dora-metrics-four-keys/). Times are medians; `null` where nothing was measured.
 */
export type Metrics = {
  /** What was judged: production deployments, or workflow runs in a repository that has none. */
  readonly basis: "deployments" | "builds" | "none";
  /** How many of them ended in the span, and how many of those failed. */
  readonly finished: number;
  readonly failed: number;
  /** Change failure rate: failed / finished. */
  readonly failureRate: number | null;
  /** Change lead time: from the commit to its first success in production (deployment or full release). */
  readonly leadTimeMs: number | null;
  /** Failed deployment recovery time: from a failure to the next success of the same environment or workflow. */
  readonly recoverMs: number | null;
  /** Commits that had their first success in production in the span. */
  readonly delivered: number;
};

export type Span = { readonly fromMs: number; readonly toMs: number };

/** Measures what ended in the span (its start included, its end not). */
export function measure(deliveries: readonly Delivery[], span: Span): Metrics {
  const facts = deliveries.flatMap((delivery) => Object.values(delivery.facts)).filter(isFinished);
  const deployments = facts.filter(({ kind, production }) => kind === "deployment" && production);
  const builds = facts.filter(({ kind }) => kind === "build");
  const judged = deployments.length > 0 ? deployments : builds;
  const finished = judged.filter(({ atMs }) => isWithin(span, atMs));
  const failed = finished.filter(({ state }) => state === "failure").length;
  const leadTimes = deliveries.flatMap((delivery) => leadTime(delivery, span));
  return {
    basis: deployments.length > 0 ? "deployments" : builds.length > 0 ? "builds" : "none",
    finished: finished.length,
    failed,
    failureRate: finished.length === 0 ? null : failed / finished.length,
    leadTimeMs: median(leadTimes),
    recoverMs: median(recoveries(judged, span)),
    delivered: leadTimes.length,
  };
}

function isFinished({ state }: Fact): boolean {
  return state === "success" || state === "failure";
}

function isWithin({ fromMs, toMs }: Span, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}

function leadTime({ facts }: Delivery, span: Span): number[] {
  const committedAtMs = facts["commit"]?.startedAtMs;
  const successes = Object.values(facts)
    .filter(({ production, state }) => production === true && state === "success")
    .map(({ atMs }) => atMs);
  if (committedAtMs === undefined || successes.length === 0) return [];
  const firstAtMs = Math.min(...successes);
  // A commit's time is what its author's clock said: it may lie ahead of GitHub's.
  return isWithin(span, firstAtMs) ? [Math.max(0, firstAtMs - committedAtMs)] : [];
}

/** From the first failure of an outage to the success that ended it within the span. */
function recoveries(judged: readonly Fact[], span: Span): number[] {
  const series = Map.groupBy(judged, ({ name, branch }) => JSON.stringify([name, branch]));
  return [...series.values()].flatMap((facts) => {
    let failedAtMs: number | undefined;
    const times: number[] = [];
    for (const { state, atMs } of facts.toSorted((a, b) => a.atMs - b.atMs || byEnd(a, b))) {
      if (state === "failure") failedAtMs ??= atMs;
      else if (failedAtMs !== undefined) {
        if (isWithin(span, atMs)) times.push(atMs - failedAtMs);
        failedAtMs = undefined;
      }
    }
    return times;
  });
}

/** Of two that ended in the same second the failure goes first, whatever order the records came in. */
function byEnd(left: Fact, right: Fact): number {
  return Number(right.state === "failure") - Number(left.state === "failure");
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
