import type { Learning } from "./learning.ts";
import type { Market } from "./market.ts";
import type { RouterTables } from "./router-tables.ts";

/** The share of calls that a p95 may lose. */
const MAY_BE_LATE = 0.05;
/** From so many recorded calls on half of them is forgotten now and then, and chance is allowed for. */
const PLENTY = 160;
/** Of a hundred calls, three times what a p95 may lose: from here on an arm is masked, whatever the others cost. */
export const MASKED = 15;
/** What makes an arm worse than one whose recorded p95 is too high: cold starts that do not fit, a slow hour. */
export const COLD = 40;
const SHIFTED = 100;
const TIGHT_ABOVE = 0.8;
/** So few calls may be so few again: a single late one then is a p95 missed. */
const FEW_CALLS = 100;

/**
 * Which arms keep a function's target. One definition: the p95 of answer times, cold starts included. Where enough was
 * recorded the histogram decides, and late calls count only beyond what chance explains; elsewhere the question is
 * whether more than 5 % of calls would start cold there, and whether a cold start fits into the target.
 */
export class SloMask {
  readonly #tables: RouterTables;
  readonly #market: Market;
  readonly #learning: Learning;
  readonly #shortestColdMs: number;
  /** Which arms were slower than usual when last looked at. */
  readonly #shifted: Uint8Array;

  constructor(tables: RouterTables, market: Market, learning: Learning) {
    this.#tables = tables;
    this.#learning = learning;
    this.#shifted = new Uint8Array(tables.arms);
    this.#market = market;
    this.#shortestColdMs = Math.min(...market.arms.map(({ coldMs }) => coldMs));
  }

  /** Looks again at one function, after something was recorded; at all, when an arm has turned slow or normal. */
  refresh(fn: number, nowMs: number): void {
    const { arms } = this.#tables;
    for (let arm = 0; arm < arms; arm++) {
      const shift = this.#learning.speed.worst(arm, nowMs);
      if (this.#shifted[arm] === (shift > 0 ? 1 : 0)) this.#look(fn * arms + arm, arm, shift);
      else this.#refreshArm(arm, shift);
    }
  }

  refreshAll(nowMs: number): void {
    for (let arm = 0; arm < this.#tables.arms; arm++)
      this.#refreshArm(arm, this.#learning.speed.worst(arm, nowMs));
  }

  #refreshArm(arm: number, shift: number): void {
    const { arms, functions } = this.#tables;
    this.#shifted[arm] = shift > 0 ? 1 : 0;
    for (let place = arm; place < functions * arms; place += arms) this.#look(place, arm, shift);
  }

  #look(place: number, arm: number, shift: number): void {
    const { slow, tight } = this.#tables;
    const share = this.#usualShare(place);
    tight[place] = share > TIGHT_ABOVE ? 1 : 0;
    slow[place] =
      this.#lateness(place) +
      (this.#losesToColdStarts(place, arm) ? COLD : 0) +
      (shift > 0 && share * Math.exp(shift) > 1 ? SHIFTED : 0);
  }

  /** 0 where the recorded answer times keep the p95, else how many in a hundred are late. */
  #lateness(place: number): number {
    const { histograms } = this.#tables;
    const total = histograms.total(place);
    const late = histograms.overTarget(place);
    const chance = total < PLENTY ? 0 : Math.sqrt(MAY_BE_LATE * (1 - MAY_BE_LATE) * total);
    return late > Math.floor(MAY_BE_LATE * total) + chance ? Math.ceil((100 * late) / total) : 0;
  }

  /** The p95 in shares of the target; where nothing is known, half, as targets are set. */
  #usualShare(place: number): number {
    return this.#tables.histograms.quantile(place, 1 - MAY_BE_LATE) || 0.5;
  }

  /** Forgets half of what is plentiful, so that the p95 is recent. */
  age(): void {
    const { arms, functions, histograms } = this.#tables;
    for (let place = 0; place < functions * arms; place++) {
      if (histograms.total(place) >= PLENTY) histograms.halve(place);
    }
  }

  #losesToColdStarts(place: number, arm: number): boolean {
    const { arms, calls, targetMs, coldShare, logSlowness } = this.#tables;
    const fn = Math.floor(place / arms);
    const coldMs = this.#market.arms[arm]?.coldMs ?? 0;
    // Where the shortest cold start does not fit, none does: nothing is better then.
    if (coldMs <= this.#shortestColdMs) return false;
    const isFew = (calls[fn] ?? 0) < FEW_CALLS;
    if (!isFew && (coldShare[place] ?? 1) <= MAY_BE_LATE / 2) return false;
    const target = targetMs[fn] ?? 0;
    // A warm p95 is taken to fill half of the target, as targets are set.
    const warmMs = (target / 2) * Math.exp(logSlowness[place] ?? 0);
    return warmMs + coldMs > target;
  }
}
