/** At most this share of the calls is made twice: https://research.google/pubs/the-tail-at-scale/ has 2 % suffice. */
const MOST = 0.05;

/** How many calls may be made a second time while the first has not answered. */
export class HedgeAllowance {
  #calls = 0;
  #hedged = 0;

  /** Counts a call that could be hedged. */
  called(): void {
    this.#calls += 1;
  }

  /** Whether one more second attempt keeps the share, and counts it if so. */
  take(): boolean {
    if (this.#hedged + 1 > MOST * this.#calls) return false;
    this.#hedged += 1;
    return true;
  }
}
