import { Breakers } from "./breakers.ts";
import { Capacity } from "./capacity.ts";
import { DualPlan } from "./dual-plan.ts";
import { Learning } from "./learning.ts";
import type { Market } from "./market.ts";
import { type RoutedFunction, RouterTables } from "./router-tables.ts";
import { SloMask } from "./slo-mask.ts";

export type RouterOptions = {
  /** How much cheaper another arm has to be before a function leaves its own. */
  readonly leastGain: number;
  /** How long a function stays at least. */
  readonly minDwellMs: number;
  /** The most that may be spent on learning, as shares of calls and of what they cost. */
  readonly exploredCalls: number;
  readonly exploredUsd: number;
  /** How many standard deviations below its mean an arm is tried at. */
  readonly optimism: number;
  /** What a gram of CO2e costs; 0 where only money counts. */
  readonly usdPerCarbonGram: number;
  /** What it is worth to spare a caller a second of cold start. */
  readonly usdPerColdSecond: number;
};

export const defaultOptions: RouterOptions = {
  leastGain: 0.03,
  minDwellMs: 30_000,
  exploredCalls: 0.005,
  exploredUsd: 0.01,
  optimism: 1,
  usdPerCarbonGram: 0,
  usdPerColdSecond: 2e-6,
};

/** How a call ended, as its meter saw it. */
export type Settlement = {
  readonly fn: number;
  readonly arm: number;
  readonly nowMs: number;
  /** What the caller waited. */
  readonly latencyMs: number;
  /** Of that, the running time without a cold start. */
  readonly durationMs: number;
  /** What the bill of its arm grows by, after rounding and sharing. */
  readonly billedSeconds: number;
  readonly explored: boolean;
};

/** Looks for arms only while a function is known this little there, and known this much elsewhere. */
const UNEXPLORED_BELOW = 60;
const EXPLORE_AFTER = 60;
/** A function with so many calls can afford a late one. */
const BUSY = 1000;
/** Every how many calls of a function one may be a trial. */
const EXPLORE_EVERY = 10;

const SOLVE_EVERY_MS = 300_000;
const LONGEST_BURST = 50;

/**
 * Chooses the arm that is cheapest for a call at the present value of every resource, among those that keep the promises:
 * residency, health, capacity, p95. `decide` reads and writes typed arrays only and allocates nothing; all that takes
 * longer happens in `settle`, when a call has ended, and in `tick`, on a timer.
 */
export class Router {
  readonly tables: RouterTables;
  readonly plan: DualPlan;
  readonly breakers: Breakers;
  readonly learning: Learning;
  readonly market: Market;
  readonly capacity: Capacity;
  readonly #mask: SloMask;
  readonly #options: RouterOptions;
  readonly #scores: Float64Array;
  #explored = 0;
  #exploredUsd = 0;
  #spentUsd = 0;
  #calls = 0;
  #solvedAtMs = -Infinity;
  /** Whether the last decision was made to learn. */
  exploring = false;

  constructor(market: Market, options: RouterOptions = defaultOptions) {
    this.market = market;
    this.#scores = new Float64Array(market.arms.length);
    this.#options = options;
    this.tables = new RouterTables(market.arms.length);
    this.plan = new DualPlan(this.tables, market, options.usdPerCarbonGram);
    this.breakers = new Breakers(this.tables);
    this.learning = new Learning(this.tables, market);
    this.capacity = new Capacity(market.arms.length);
    this.#mask = new SloMask(this.tables, market, this.learning);
  }

  /** Makes a function known and gives its number, by which calls are routed. */
  add(spec: RoutedFunction): number {
    const fn = this.tables.add(spec);
    this.learning.start(fn);
    this.plan.priceFunction(fn);
    for (let arm = 0; arm < this.tables.arms; arm++)
      this.#mask.refresh(fn * this.tables.arms + arm, arm, -Infinity);
    return fn;
  }

  /**
   * The arm for a call, -1 when none may have it. `not` is a bit set of arms where this call failed before; `sticky` the
   * arm of its session, which it keeps while that is healthy.
   */
  decide(fn: number, nowMs: number, not = 0, sticky = -1): number {
    this.exploring = false;
    if (not === 0) {
      this.#calls++;
      this.learning.arrived(fn, nowMs);
    }
    const kept = sticky >= 0 ? sticky : (this.tables.preferred[fn] ?? -1);
    if (kept >= 0 && this.#isOpen(fn, kept, nowMs, not)) return this.#go(fn, kept, nowMs);
    const best = this.#cheapest(fn, nowMs, not);
    if (best < 0) return this.#leastLate(fn, nowMs, not);
    const arm = this.#explore(fn, best, nowMs, not);
    if (arm === best && not === 0 && this.#leavesFor(fn, best, nowMs)) {
      this.tables.incumbent[fn] = best;
      this.tables.sinceMs[fn] = nowMs;
    }
    return this.#go(fn, arm, nowMs);
  }

  /** A function that was driven away by a breaker has not left: it is back as soon as that closes, without a dwell. */
  #leavesFor(fn: number, best: number, nowMs: number): boolean {
    const own = this.tables.incumbent[fn] ?? -1;
    if (own === best) return false;
    return own < 0 || !this.breakers.isOpen(fn * this.tables.arms + own, own, nowMs);
  }

  /** A call has ended well. */
  settle({ fn, arm, nowMs, latencyMs, durationMs, billedSeconds, explored }: Settlement): void {
    const { arms, lastUseMs, histograms, targetMs } = this.tables;
    const place = fn * arms + arm;
    this.#returned(place);
    this.breakers.succeeded(place, arm);
    this.learning.ended({ fn, arm, durationMs, billedSeconds, nowMs });
    histograms.record(place, latencyMs / (targetMs[fn] ?? 1));
    this.#mask.refresh(place, arm, nowMs);
    lastUseMs[place] = nowMs;
    const usd = this.plan.book(fn, arm, billedSeconds);
    this.#spentUsd += usd;
    if (explored) this.#exploredUsd += usd;
  }

  /** A call could not be answered there: a refused connection, a 5xx of the platform, a timeout. */
  fail(fn: number, arm: number, nowMs: number): void {
    const place = fn * this.tables.arms + arm;
    this.#returned(place);
    this.breakers.failed(place, arm, nowMs);
  }

  /** To be called every minute or so: lets old answer times fade, and solves for the duals every five minutes. */
  tick(nowMs: number): void {
    const due = nowMs - this.#solvedAtMs >= SOLVE_EVERY_MS;
    if (due && this.#solvedAtMs > -Infinity) this.#mask.age();
    this.#mask.refreshAll(nowMs);
    if (!due) return;
    this.plan.solve(nowMs);
    this.#solvedAtMs = nowMs;
  }

  /** What a call would cost on an arm at the duals, its chance of a cold start included; Infinity where it may not run. */
  score(fn: number, arm: number, nowMs: number, not = 0): number {
    this.#weigh(fn, arm, nowMs, not);
    return this.#scores[arm] ?? Infinity;
  }

  /** Writes an arm's score. A number that is returned may have to be boxed, one that is written never. */
  #weigh(fn: number, arm: number, nowMs: number, not: number): void {
    const { arms, slow } = this.tables;
    this.#scores[arm] = Infinity;
    if (slow[fn * arms + arm] === 1 || !this.#isOpen(fn, arm, nowMs, not)) return;
    this.#price(fn, arm, nowMs);
  }

  #cheapest(fn: number, nowMs: number, not: number): number {
    const { arms, incumbent, sinceMs } = this.tables;
    const own = incumbent[fn] ?? -1;
    let best = -1;
    let least = Infinity;
    let ownUsd = Infinity;
    for (let arm = 0; arm < arms; arm++) {
      this.#weigh(fn, arm, nowMs, not);
      const usd = this.#scores[arm] ?? Infinity;
      if (arm === own) ownUsd = usd;
      if (usd >= least) continue;
      least = usd;
      best = arm;
    }
    if (ownUsd === Infinity || best === own) return best;
    const dwells = nowMs - (sinceMs[fn] ?? 0) < this.#options.minDwellMs;
    return dwells || least >= ownUsd * (1 - this.#options.leastGain) ? own : best;
  }

  #price(fn: number, arm: number, nowMs: number): void {
    const { arms, intercept, slope, seconds, lastUseMs, coldShare } = this.tables;
    const place = fn * arms + arm;
    const perSecond = slope[place] ?? 0;
    const usd = (intercept[place] ?? 0) + perSecond * (seconds[place] ?? 0);
    const { keepAliveMs = 0, coldMs = 0, coldBilledMs = 0 } = this.market.arms[arm] ?? {};
    this.#scores[arm] = usd;
    if (nowMs - (lastUseMs[place] ?? 0) <= keepAliveMs) return;
    // One cold start serves the calls that follow until the next gap.
    const burst = Math.min(LONGEST_BURST, 1 / (coldShare[place] ?? 1));
    const waitUsd = coldMs * this.#options.usdPerColdSecond;
    this.#scores[arm] = usd + (perSecond * coldBilledMs + waitUsd) / 1000 / burst;
  }

  #isOpen(fn: number, arm: number, nowMs: number, not: number): boolean {
    const place = fn * this.tables.arms + arm;
    if (this.tables.allowed[place] !== 1 || ((not >> arm) & 1) === 1) return false;
    return this.capacity.has(arm, nowMs) && !this.breakers.isOpen(place, arm, nowMs);
  }

  /** Where no arm keeps the target: the healthy one with the shortest cold start. */
  #leastLate(fn: number, nowMs: number, not: number): number {
    let best = -1;
    let least = Infinity;
    for (let arm = 0; arm < this.tables.arms; arm++) {
      const coldMs = this.market.arms[arm]?.coldMs ?? 0;
      if (coldMs >= least || !this.#isOpen(fn, arm, nowMs, not)) continue;
      least = coldMs;
      best = arm;
    }
    return best < 0 ? -1 : this.#go(fn, best, nowMs);
  }

  #explore(fn: number, best: number, nowMs: number, not: number): number {
    const { calls, idempotent, measured, arms, seconds, slope, tight } = this.tables;
    const count = calls[fn] ?? 0;
    if (not !== 0 || idempotent[fn] !== 1 || count < EXPLORE_AFTER || count % EXPLORE_EVERY !== 0)
      return best;
    const { exploredCalls, exploredUsd, optimism } = this.#options;
    if (this.#explored + 1 > exploredCalls * this.#calls) return best;
    if (this.#exploredUsd > exploredUsd * this.#spentUsd) return best;
    if (tight[fn * arms + best] === 1) return best;
    const least = this.score(fn, best, nowMs, not);
    for (let arm = 0; arm < arms; arm++) {
      const place = fn * arms + arm;
      if (arm === best || (measured[place] ?? 0) >= UNEXPLORED_BELOW) continue;
      if (count < BUSY && this.#wouldBeLate(fn, arm, nowMs)) continue;
      const usd = this.score(fn, arm, nowMs, not);
      const doubt = 1 - Math.exp(-optimism * this.learning.doubt(fn, arm));
      if (usd - doubt * (slope[place] ?? 0) * (seconds[place] ?? 0) >= least) continue;
      this.exploring = true;
      this.#explored++;
      return arm;
    }
    return best;
  }

  /** Whether a call there would start cold, and a cold start takes half of the target or more. */
  #wouldBeLate(fn: number, arm: number, nowMs: number): boolean {
    const { arms, lastUseMs, targetMs } = this.tables;
    const { keepAliveMs = 0, coldMs = 0 } = this.market.arms[arm] ?? {};
    const isCold = nowMs - (lastUseMs[fn * arms + arm] ?? 0) > keepAliveMs;
    return isCold && coldMs > (targetMs[fn] ?? 0) / 2;
  }

  #go(fn: number, arm: number, nowMs: number): number {
    const place = fn * this.tables.arms + arm;
    this.tables.pending[place] = (this.tables.pending[place] ?? 0) + 1;
    this.capacity.take(arm);
    this.breakers.chosen(place, arm, nowMs);
    return arm;
  }

  #returned(place: number): void {
    const { pending } = this.tables;
    pending[place] = Math.max(0, (pending[place] ?? 0) - 1);
  }
}
