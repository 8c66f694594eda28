import { MasterProgram } from "./master-program.ts";

/**
 * The cheapest arm for every call when resources cost `duals` a unit: writes what that uses of each resource into
 * `usage`, and gives what it costs beside them (fees that no grant covers).
 */
export type CheapestChoice = (duals: Float64Array, usage: Float64Array) => number;

export type BoundProblem = {
  /** USD for a unit of each resource beyond its grant. */
  readonly prices: Float64Array;
  /** Free units of each resource. */
  readonly grants: Float64Array;
  readonly cheapest: CheapestChoice;
};

export type Bound = {
  /** No assignment of calls to arms costs less. */
  readonly usd: number;
  /** The certificate: whoever evaluates the dual function here gets `usd`. */
  readonly duals: Float64Array;
  /** The linear program costs at most this; `gapUsd` above `usd`, so the bound cannot be raised by more. */
  readonly relaxedUsd: number;
  /** The linear program's own solution: shares of the choices that are cheapest at these duals; they sum to 1. */
  readonly mix: readonly { readonly share: number; readonly duals: Float64Array }[];
  readonly rounds: number;
};

/** How far below the linear program's optimum the bound may stop, as a share of it. */
const TOLERANCE = 1e-7;
const MAX_ROUNDS = 400;
/** How far a trial moves from the best duals towards the master's; damping keeps column generation from swinging. */
const STEP = 0.5;

/**
 * A lower bound on `min Σ fees + Σ prices · max(0, usage - grants)` over all assignments, by maximising the dual function
 * `L(λ) = Σ min_j (e_j + λ·u_j) - λ·F` over `0 ≤ λ ≤ prices`. Any such λ is a certificate, because there
 * `price · max(0, U - F) ≥ λ · (U - F)`; the maximum equals the linear program's optimum. Found by Dantzig-Wolfe
 * decomposition, whose master proves from above how much could still be won. A resource without a grant keeps its price.
 */
export function lowerBound(problem: BoundProblem): Bound {
  const search = new Search(problem);
  let best = search.evaluate(problem.prices);
  const half = search.evaluate(
    problem.prices.map((price, r) => ((problem.grants[r] ?? 0) > 0 ? price / 2 : price)),
  );
  if (half.usd > best.usd) best = half;
  let relaxedUsd = Infinity;
  let rounds = 2;
  while (rounds < MAX_ROUNDS) {
    const master = search.solveMaster();
    relaxedUsd = Math.min(relaxedUsd, master.usd);
    const enough = TOLERANCE * Math.max(1e-6, Math.abs(relaxedUsd));
    if (relaxedUsd - best.usd <= enough) break;
    const damped = between(best.duals, master.duals, STEP);
    const trials = [damped, master.duals].map((duals) => search.evaluate(duals));
    rounds += trials.length;
    for (const trial of trials) if (trial.usd > best.usd) best = trial;
  }
  return {
    usd: Math.max(0, best.usd),
    duals: best.duals,
    relaxedUsd,
    mix: search.mix(),
    rounds,
  };
}

type Point = { readonly usd: number; readonly duals: Float64Array };

/** Evaluates the dual function, and keeps a master program over the resources that have a grant. */
class Search {
  readonly #problem: BoundProblem;
  readonly #granted: readonly number[];
  readonly #master: MasterProgram;
  /** Per granted resource, so that the master's figures are near 1. */
  readonly #scales: Float64Array;
  readonly #usage: Float64Array;
  readonly #trials: Float64Array[] = [];
  #weights: Float64Array = new Float64Array(0);

  constructor(problem: BoundProblem) {
    const { prices, grants } = problem;
    this.#problem = problem;
    this.#granted = [...prices.keys()].filter((r) => (grants[r] ?? 0) > 0 && (prices[r] ?? 0) > 0);
    this.#scales = Float64Array.from(this.#granted, (r) => grants[r] ?? 1);
    this.#usage = new Float64Array(prices.length);
    this.#master = new MasterProgram(
      Float64Array.from(this.#granted, (r, at) => (prices[r] ?? 0) * (this.#scales[at] ?? 1)),
      new Float64Array(this.#granted.length).fill(1),
    );
  }

  /** The value of the dual function at `duals`; the choice there becomes a column of the master. */
  evaluate(duals: Float64Array): Point {
    const { prices, grants, cheapest } = this.#problem;
    const usage = this.#usage.fill(0);
    const fees = cheapest(duals, usage);
    let usd = fees;
    let columnUsd = fees;
    for (let r = 0; r < prices.length; r++) {
      usd += (duals[r] ?? 0) * ((usage[r] ?? 0) - (grants[r] ?? 0));
      if (!this.#granted.includes(r)) columnUsd += (prices[r] ?? 0) * (usage[r] ?? 0);
    }
    const row = Float64Array.from(
      this.#granted,
      (r, at) => (usage[r] ?? 0) / (this.#scales[at] ?? 1),
    );
    this.#master.add(columnUsd, row);
    this.#trials.push(duals.slice());
    return { usd, duals: duals.slice() };
  }

  solveMaster(): Point {
    const { usd, duals, weights } = this.#master.solve();
    this.#weights = weights;
    const all = this.#problem.prices.slice();
    for (const [at, r] of this.#granted.entries()) {
      all[r] = (duals[at] ?? 0) / (this.#scales[at] ?? 1);
    }
    return { usd, duals: all };
  }

  /** The columns that the last solution of the master is made of. */
  mix(): Bound["mix"] {
    return [...this.#weights.entries()]
      .filter(([, share]) => share > 1e-12)
      .map(([column, share]) => ({ share, duals: this.#trials[column] ?? new Float64Array(0) }));
  }
}

function between(from: Float64Array, to: Float64Array, step: number): Float64Array {
  return from.map((value, r) => value + step * ((to[r] ?? 0) - value));
}
