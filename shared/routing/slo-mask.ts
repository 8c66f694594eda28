import type { Market } from "./market.ts";
import type { RouterTables } from "./router-tables.ts";

/** The share of calls that a p95 may lose. */
const MAY_BE_LATE = 0.05;
/** Below this many recorded calls a p95 says less than what is known of cold starts. */
const ENOUGH_CALLS = 20;

/**
 * Which arms keep a function's target. One definition: the p95 of answer times, cold starts included. Where enough was
 * recorded the histogram decides, and late calls count only beyond what chance explains; elsewhere the question is
 * whether more than 5 % of calls would start cold there, and whether a cold start fits into the target.
 */
export class SloMask {
  readonly #tables: RouterTables;
  readonly #market: Market;

  constructor(tables: RouterTables, market: Market) {
    this.#tables = tables;
    this.#market = market;
  }

  /** Looks again at one place, after something was recorded there. */
  refresh(place: number, arm: number): void {
    const { histograms, slow } = this.#tables;
    const total = histograms.total(place);
    const byColdStarts = this.#losesToColdStarts(place, arm);
    if (total < ENOUGH_CALLS) slow[place] = byColdStarts ? 1 : 0;
    else {
      const chance = Math.sqrt(MAY_BE_LATE * (1 - MAY_BE_LATE) * total);
      const late = histograms.overTarget(place) > MAY_BE_LATE * total + chance;
      slow[place] = late || byColdStarts ? 1 : 0;
    }
  }

  refreshAll(): void {
    const { arms, functions } = this.#tables;
    for (let place = 0; place < functions * arms; place++) this.refresh(place, place % arms);
  }

  /** Forgets half: of what is plentiful, so that the p95 is recent; and of masked places, so that they get a chance. */
  age(): void {
    const { arms, functions, histograms, slow } = this.#tables;
    for (let place = 0; place < functions * arms; place++) {
      if (slow[place] === 1 || histograms.total(place) >= 8 * ENOUGH_CALLS) histograms.halve(place);
    }
  }

  /** Whether less than a fifth of the target is left at the p95: no time for trials. */
  isTight(place: number): boolean {
    return this.#tables.histograms.quantile(place, 1 - MAY_BE_LATE) > 0.8;
  }

  #losesToColdStarts(place: number, arm: number): boolean {
    const { arms, targetMs, coldShare } = this.#tables;
    if ((coldShare[place] ?? 1) <= MAY_BE_LATE) return false;
    const target = targetMs[Math.floor(place / arms)] ?? 0;
    // A warm p95 is taken to fill half of the target, as targets are set.
    return target / 2 + (this.#market.arms[arm]?.coldMs ?? 0) > target;
  }
}
