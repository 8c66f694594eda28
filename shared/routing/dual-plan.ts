import { type Market, PER_SCOPE } from "./market.ts";
import { boundOf, type Placement, usePlace } from "./placement.ts";
import type { RouterTables } from "./router-tables.ts";
import { COLD } from "./slo-mask.ts";

/** Even a grant that will not be used up has a price, a small one: among free arms the truly cheaper one is better. */
const LEAST_PRICE = 0.002;

/**
 * How much more may come than is expected, and how likely that is. The value of a grant is its mean dual over these, as in
 * a two-stage stochastic program: it tells two idle grants apart by which would run dry first, and keeps a margin.
 */
const SCENARIOS = [
  { demand: 1, chance: 0.7 },
  { demand: 1.5, chance: 0.2 },
  { demand: 4, chance: 0.1 },
] as const;
/** How much a grant that is ahead of its time by a share of it gets dearer. */
const PACE = 1;
/** Rates of the first minutes say little: they count as if they came from at least this long. */
const LEAST_HISTORY_MS = 15 * 60_000;

/**
 * What a unit of each resource is worth now. Paid resources cost their price; a granted one is worth what it saves
 * elsewhere, which is the dual of a small linear program over functions, arms and expected calls, solved every few
 * minutes. Once a grant is spent, its resource costs the full price at once.
 */
export class DualPlan {
  readonly #tables: RouterTables;
  readonly #market: Market;
  readonly duals: Float64Array;
  readonly usage: Float64Array;
  readonly #carbonUsdPerGbSecond: Float64Array;
  #prices: Float64Array;
  #grants: Float64Array;
  /** The number of the price epoch that decisions are made with. */
  epoch = 1;
  #startMs = 0;
  #endMs = Infinity;
  #firstMs = Number.NaN;

  constructor(tables: RouterTables, market: Market, usdPerCarbonGram: number) {
    this.#tables = tables;
    this.#market = market;
    this.#carbonUsdPerGbSecond = Float64Array.from(
      market.arms,
      ({ carbonGramsPerGbSecond }) => carbonGramsPerGbSecond * usdPerCarbonGram,
    );
    this.#prices = market.prices.slice();
    this.#grants = new Float64Array(this.#prices.length);
    this.usage = new Float64Array(this.#prices.length);
    this.duals = this.#prices.slice();
  }

  /** A billing period begins: these grants until then, nothing used yet. */
  startPeriod(startMs: number, endMs: number, grants: Float64Array): void {
    this.#grants = grants.slice();
    this.#startMs = startMs;
    this.#endMs = endMs;
    this.usage.fill(0);
  }

  /** A new price epoch holds from now on. */
  changePrices(prices: Float64Array, epoch: number): void {
    this.epoch = epoch;
    this.#prices = prices.slice();
    this.duals.set(prices);
    this.#priceLines();
  }

  /** Books what a call used, and gives what that costs at the duals. */
  book(fn: number, arm: number, billedSeconds: number): number {
    const { arms, intercept, slope } = this.#tables;
    const place = fn * arms + arm;
    usePlace(this.#uses, place, 1, billedSeconds, this.usage);
    const first = (this.#market.scopeOf[arm] ?? 0) * PER_SCOPE;
    for (let r = first; r < first + PER_SCOPE; r++) {
      const price = this.#prices[r] ?? 0;
      const spent = (this.usage[r] ?? 0) >= (this.#grants[r] ?? 0);
      if (!spent || (this.duals[r] ?? 0) >= price) continue;
      this.duals[r] = price;
      this.#priceLines();
    }
    return (intercept[place] ?? 0) + (slope[place] ?? 0) * billedSeconds;
  }

  /** Solves for the duals over the calls that are expected until the period ends. */
  solve(nowMs: number): void {
    if (Number.isNaN(this.#firstMs)) this.#firstMs = nowMs;
    const taken = this.#takenAndPending();
    const left = this.#grants.map((grant, r) => Math.max(0, grant - (taken[r] ?? 0)));
    const expected = this.#forecast(nowMs);
    this.duals.fill(0);
    for (const { demand, chance } of SCENARIOS) {
      const weight = expected.weight.map((calls) => calls * demand);
      const { duals } = boundOf({ ...expected, weight }, left);
      for (const [r, dual] of duals.entries()) this.duals[r] = (this.duals[r] ?? 0) + chance * dual;
    }
    for (const [r, price] of this.#prices.entries()) {
      const dual = Math.max(this.duals[r] ?? price, LEAST_PRICE * price);
      this.duals[r] = Math.min(price, dual * this.#pace(r, nowMs));
    }
    this.#priceLines();
  }

  /** One function's lines, when it is new. */
  priceFunction(fn: number): void {
    const { arms, intercept, slope, gb, vcpu, feeUsd, answerGb, dataGb, homeScope } = this.#tables;
    const home = homeScope[fn] ?? -1;
    for (let arm = 0; arm < arms; arm++) {
      const place = fn * arms + arm;
      const scope = this.#market.scopeOf[arm] ?? 0;
      const at = scope * PER_SCOPE;
      const away = home >= 0 && home !== scope ? (this.duals[home * PER_SCOPE + 3] ?? 0) : 0;
      intercept[place] =
        (feeUsd[place] ?? 0) +
        (this.duals[at] ?? 0) +
        (this.duals[at + 3] ?? 0) * (answerGb[fn] ?? 0) +
        away * (dataGb[fn] ?? 0);
      slope[place] =
        (this.#carbonUsdPerGbSecond[arm] ?? 0) * (gb[place] ?? 0) +
        (this.duals[at + 1] ?? 0) * (gb[place] ?? 0) +
        (this.duals[at + 2] ?? 0) * (vcpu[place] ?? 0);
    }
  }

  /** What was used, and what calls under way will have used by their mean. */
  #takenAndPending(): Float64Array {
    const { functions, arms, pending, seconds } = this.#tables;
    const taken = this.usage.slice();
    for (let place = 0; place < functions * arms; place++) {
      const calls = pending[place] ?? 0;
      if (calls > 0) usePlace(this.#uses, place, calls, calls * (seconds[place] ?? 0), taken);
    }
    return taken;
  }

  /**
   * At the dual of a partly used grant some functions are as cheap on one arm as on another, and the program splits them.
   * A grant that is behind its time gets cheaper, and one that is ahead dearer, so that such functions change over.
   */
  #pace(r: number, nowMs: number): number {
    const grant = this.#grants[r] ?? 0;
    const elapsed = (nowMs - this.#startMs) / (this.#endMs - this.#startMs);
    if (grant === 0 || !(elapsed > 0)) return 1;
    const ahead = (this.usage[r] ?? 0) / grant - elapsed;
    return Math.max(0.5, Math.min(1.5, 1 + PACE * ahead));
  }

  get #uses(): Parameters<typeof usePlace>[0] {
    const { gb, vcpu, answerGb, dataGb, homeScope: home } = this.#tables;
    return { market: this.#market, gb, vcpu, answerGb, dataGb, home };
  }

  #priceLines(): void {
    for (let fn = 0; fn < this.#tables.functions; fn++) this.priceFunction(fn);
  }

  /** Every function as one item that stands for its expected calls. */
  #forecast(nowMs: number): Placement {
    const tables = this.#tables;
    const { functions, arms, calls, allowed, slow } = tables;
    const knownMs = Math.max(LEAST_HISTORY_MS, nowMs - this.#firstMs);
    const share = Math.max(0, this.#endMs - nowMs) / knownMs;
    const weight = Float64Array.from(calls.subarray(0, functions), (count) => count * share);
    const places = functions * arms;
    return {
      ...this.#uses,
      market: { ...this.#market, prices: this.#prices },
      gb: tables.gb.subarray(0, places),
      feeUsd: tables.feeUsd,
      feeUsdPerSecond: tables.gb
        .subarray(0, places)
        .map((gb, place) => gb * (this.#carbonUsdPerGbSecond[place % arms] ?? 0)),
      // Records of late calls come and go; a plan reckons with cold starts and slow hours only.
      allowed: allowed.map((may, place) => ((slow[place] ?? 0) < COLD ? may : 0)),
      fn: Uint32Array.from(weight.keys()),
      weight,
      seconds: tables.seconds.subarray(0, places),
    };
  }
}
