import type { Market } from "./market.ts";
import { billedSeconds } from "./price-book.ts";
import type { RouterTables } from "./router-tables.ts";

/** How fast means follow once there is enough to average: the last fifty calls or so. */
const FOLLOW = 0.02;
/** Follows a share over the last twenty calls: 5 % of them is what a p95 may lose. */
const FOLLOW_COLD = 0.02;
/** Slow enough that chance (a standard deviation of 0.08 for common spreads) stays far inside the dead zone. */
const FOLLOW_SHIFT = 0.01;
/** Measurements after which a mean follows instead of averaging. */
const KEEP = 2000;
/** Variance of the logarithm of how an arm's speed differs from what its memory and CPU promise. */
const PRIOR_VARIANCE = 0.09;
/** An arm as a whole is taken to be slower only when it is by more than this (e^0.35 is 1.4 times). */
const SHIFT_DEAD_ZONE = 0.35;
const SHIFT_HALF_LIFE_MS = 600_000;

/** A call that ended well. */
export type Ended = {
  readonly fn: number;
  readonly arm: number;
  readonly durationMs: number;
  readonly billedSeconds: number;
  readonly nowMs: number;
};

/**
 * Learns what calls cost. A call that ran on one arm tells about all of them: its duration, corrected by how much longer
 * calls of this function take elsewhere, is billed as each arm would bill it. So arms are compared over the same calls,
 * and the spread of durations, which is large, drops out of the comparison; what is left to learn is one ratio per arm.
 */
export class Learning {
  readonly #tables: RouterTables;
  readonly #market: Market;
  /** Logarithm of how much slower than usual an arm is for all functions, and when that was last seen. */
  readonly #shift: Float64Array;
  readonly #shiftAtMs: Float64Array;

  constructor(tables: RouterTables, market: Market) {
    this.#tables = tables;
    this.#market = market;
    this.#shift = new Float64Array(tables.arms);
    this.#shiftAtMs = new Float64Array(tables.arms);
  }

  /** Before a function's first call ends: as if it took a sixth of its target everywhere. */
  start(fn: number): void {
    const { arms, seconds, targetMs, logSlowness } = this.#tables;
    for (let arm = 0; arm < arms; arm++) {
      const book = this.#market.arms[arm]?.book;
      const place = fn * arms + arm;
      const guessMs = ((targetMs[fn] ?? 0) / 6) * Math.exp(logSlowness[place] ?? 0);
      if (book !== undefined) seconds[place] = billedSeconds(book, guessMs);
    }
  }

  /** A call arrives: had all calls run on one arm, would this one have found a warm instance? */
  arrived(fn: number, nowMs: number): void {
    const { arms, lastCallMs, coldShare, calls } = this.#tables;
    const gapMs = nowMs - (lastCallMs[fn] ?? 0);
    const count = (calls[fn] ?? 0) + 1;
    calls[fn] = count;
    lastCallMs[fn] = nowMs;
    const weight = Math.max(FOLLOW_COLD, 1 / count);
    for (let arm = 0; arm < arms; arm++) {
      const place = fn * arms + arm;
      const cold = gapMs > (this.#market.arms[arm]?.keepAliveMs ?? 0) ? 1 : 0;
      const share = coldShare[place] ?? 1;
      coldShare[place] = share + weight * (cold - share);
    }
  }

  /** A call has ended well; a cold start does not count as running. */
  ended({ fn, arm, durationMs, billedSeconds: paid, nowMs }: Ended): void {
    const { arms, ended, seconds, logSlowness, billedPart } = this.#tables;
    this.#measure(fn, arm, Math.log(Math.max(1, durationMs)), nowMs);
    this.#compare(fn);
    const count = Math.min(1 / FOLLOW, (ended[fn] ?? 0) + 1);
    ended[fn] = count;
    const here = (logSlowness[fn * arms + arm] ?? 0) + this.shift(arm, nowMs);
    for (let other = 0; other < arms; other++) {
      const place = fn * arms + other;
      const known = this.#market.arms[other];
      if (known === undefined) continue;
      const there = (logSlowness[place] ?? 0) + this.shift(other, nowMs);
      const ms = other === arm ? durationMs : durationMs * Math.exp(there - here);
      const alone = billedSeconds(known.book, ms);
      if (other === arm && known.shares) this.#share(place, paid / alone);
      const mean = seconds[place] ?? 0;
      seconds[place] = mean + (alone * (billedPart[place] ?? 1) - mean) / count;
    }
  }

  /** Calls that overlapped paid for a part only; what a cold start adds is no part of that. */
  #share(place: number, part: number): void {
    const { billedPart } = this.#tables;
    const before = billedPart[place] ?? 1;
    billedPart[place] = before + FOLLOW_COLD * (Math.min(1, part) - before);
  }

  /** Standard deviation of what is believed of an arm's speed for a function, on the scale of a logarithm. */
  doubt(fn: number, arm: number): number {
    const measured = this.#tables.measured[fn * this.#tables.arms + arm] ?? 0;
    const variance = this.#tables.logVariance[fn] ?? 1;
    return Math.sqrt(1 / (1 / PRIOR_VARIANCE + measured / variance));
  }

  /** How much slower than usual an arm is now for everybody, as a logarithm; 0 unless it is plain. */
  shift(arm: number, nowMs: number): number {
    const raw = this.#shift[arm] ?? 0;
    if (raw < SHIFT_DEAD_ZONE && raw > -SHIFT_DEAD_ZONE) return 0;
    const now = raw * 0.5 ** ((nowMs - (this.#shiftAtMs[arm] ?? 0)) / SHIFT_HALF_LIFE_MS);
    return now < SHIFT_DEAD_ZONE && now > -SHIFT_DEAD_ZONE ? 0 : now;
  }

  #measure(fn: number, arm: number, log: number, nowMs: number): void {
    const { arms, measured, logMean, logVariance } = this.#tables;
    const place = fn * arms + arm;
    const count = Math.min(KEEP, (measured[place] ?? 0) + 1);
    const mean = logMean[place] ?? 0;
    const shift = this.shift(arm, nowMs);
    measured[place] = count;
    logMean[place] = mean + (log - shift - mean) / count;
    if (count <= 10) return;
    const residual = Math.max(-2, Math.min(2, log - mean));
    const raw = shift === 0 ? (this.#shift[arm] ?? 0) : shift;
    const variance = logVariance[fn] ?? 1;
    // A function whose calls all take alike tells more about its arm than one that scatters.
    this.#shift[arm] = raw + (FOLLOW_SHIFT / Math.max(0.1, variance)) * (residual - raw);
    this.#shiftAtMs[arm] = nowMs;
    const weight = Math.max(FOLLOW, 1 / count);
    logVariance[fn] = variance + weight * ((log - shift - mean) ** 2 - variance);
  }

  /** Measured differences from the arm that is known best, weighed against the expected ones. */
  #compare(fn: number): void {
    const { arms, measured, logMean, logExpected, logSlowness, logVariance } = this.#tables;
    const first = fn * arms;
    let base = first;
    for (let place = first + 1; place < first + arms; place++) {
      if ((measured[place] ?? 0) > (measured[base] ?? 0)) base = place;
    }
    const variance = logVariance[fn] ?? 1;
    for (let place = first; place < first + arms; place++) {
      const noise = variance * (1 / (measured[place] ?? 0) + 1 / (measured[base] ?? 1));
      const trust = PRIOR_VARIANCE / (PRIOR_VARIANCE + noise);
      const expected = (logExpected[place] ?? 0) - (logExpected[base] ?? 0);
      const found = (logMean[place] ?? 0) - (logMean[base] ?? 0);
      logSlowness[place] = (logExpected[base] ?? 0) + expected + trust * (found - expected);
    }
  }
}
