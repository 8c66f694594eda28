import type { Router } from "./router.ts";
import { MASKED } from "./slo-mask.ts";

/** Why an arm could not have the call, or `open`; `late` where it misses the target by so little that price decides. */
export type Verdict =
  | "open"
  | "late"
  | "not allowed"
  | "unhealthy"
  | "too slow"
  | "no capacity"
  | "failed";

export type Explanation = {
  /** The price epoch that the scores were made with. */
  readonly epoch: number;
  /** What a unit of each resource is worth now, by scope and kind. */
  readonly duals: readonly number[];
  readonly arms: readonly {
    readonly arm: string;
    readonly verdict: Verdict;
    /** USD at the duals, chance of a cold start included; null where the arm is closed. */
    readonly scoreUsd: number | null;
    readonly meanBilledSeconds: number;
    readonly incumbent: boolean;
  }[];
};

/** What `decide` sees for a function now: to be taken right after a decision, and kept with its run. */
export function explain(router: Router, fn: number, nowMs: number, not = 0): Explanation {
  const { tables, market, plan } = router;
  return {
    epoch: plan.epoch,
    duals: [...plan.duals],
    arms: market.arms.map(({ name }, arm) => {
      const score = router.score(fn, arm, nowMs, not);
      return {
        arm: name,
        verdict: verdictOf(router, fn, arm, nowMs, not),
        scoreUsd: Number.isFinite(score) ? score : null,
        meanBilledSeconds: tables.seconds[fn * tables.arms + arm] ?? 0,
        incumbent: tables.incumbent[fn] === arm,
      };
    }),
  };
}

function verdictOf(router: Router, fn: number, arm: number, nowMs: number, not: number): Verdict {
  const { tables, breakers, capacity } = router;
  const place = fn * tables.arms + arm;
  if (((not >> arm) & 1) === 1) return "failed";
  if (tables.allowed[place] !== 1) return "not allowed";
  if (breakers.isOpen(place, arm, nowMs)) return "unhealthy";
  const late = tables.slow[place] ?? 0;
  if (late >= MASKED) return "too slow";
  if (!capacity.has(arm, nowMs)) return "no capacity";
  return late > 0 ? "late" : "open";
}
