import { ArmSpeed } from "./arm-speed.ts";
import type { Market } from "./market.ts";
import { billedSeconds } from "./price-book.ts";
import type { RouterTables } from "./router-tables.ts";

/** How fast means follow once there is enough to average: the last fifty calls or so. */
const FOLLOW = 0.02;
/** How fast the share of cold starts follows: the last five hundred calls, so that 5 % of them are plain. */
const FOLLOW_COLD = 0.002;
/** Measurements after which a mean follows instead of averaging. */
const KEEP = 2000;
/** A function's first calls on an arm say nothing of whether the arm is slower than usual. */
const FEW_MEASURED = 2;
/** An arm's speed for a function is known when it is within this standard deviation (e^0.15 is 1.16 times). */
const SURE = 0.15;
/** How many calls the first guess of the scatter of durations counts for. */
const PRIOR_MEASURED = 4;
/** Variance of the logarithm of how an arm's speed differs from what its memory and CPU promise. */
const PRIOR_VARIANCE = 0.09;

/** A call that ended well. */
export type Ended = {
  readonly fn: number;
  readonly arm: number;
  /** What the caller waited, and of that the running time without a cold start. */
  readonly latencyMs: number;
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
  /** How much slower than usual each arm is now. */
  readonly speed: ArmSpeed;

  constructor(tables: RouterTables, market: Market) {
    this.#tables = tables;
    this.#market = market;
    this.speed = new ArmSpeed(tables.arms);
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
    const { arms, lastCallMs, coldShare, coldNow, calls } = this.#tables;
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
      coldNow[place] = cold;
    }
  }

  /** A call has ended well; a cold start does not count as running. */
  ended({ fn, arm, latencyMs, durationMs, billedSeconds: paid, nowMs }: Ended): void {
    const { arms, ended, seconds, logSlowness, billedPart } = this.#tables;
    const log = Math.log(Math.max(1, durationMs));
    const base = this.#base(fn);
    this.#hear(fn, arm, base, log, nowMs);
    this.#measure(fn, arm, log, nowMs);
    this.#compare(fn, this.#base(fn));
    const count = Math.min(1 / FOLLOW, (ended[fn] ?? 0) + 1);
    ended[fn] = count;
    const here = (logSlowness[fn * arms + arm] ?? 0) + this.speed.shift(arm, nowMs);
    for (let other = 0; other < arms; other++) {
      const place = fn * arms + other;
      const known = this.#market.arms[other];
      if (known === undefined) continue;
      const there = (logSlowness[place] ?? 0) + this.speed.shift(other, nowMs);
      const ms = other === arm ? durationMs : durationMs * Math.exp(there - here);
      const alone = billedSeconds(known.book, ms);
      if (other === arm && known.shares) this.#share(place, paid / alone);
      if (other === arm) this.#record(place, fn, latencyMs);
      else if (this.#imagines(fn, other)) {
        this.#record(place, fn, ms + this.#wouldWait(place, other));
      }
      const mean = seconds[place] ?? 0;
      seconds[place] = mean + (alone * (billedPart[place] ?? 1) - mean) / count;
    }
  }

  /**
   * Whether what a call would have taken on another arm is counted there: where its speed is known. An arm that is late
   * gets few calls, and would stay so on its old record; that goes on with every eighth call, which is too little to
   * cover what is really late there.
   */
  #imagines(fn: number, arm: number): boolean {
    const { arms, calls, slow } = this.#tables;
    if (slow[fn * arms + arm] === 0) return this.doubt(fn, arm) < SURE;
    return (calls[fn] ?? 0) % 8 === 0;
  }

  /** Counts an answer time: one that was seen, or one that would have been seen where an arm's speed is known. */
  #record(place: number, fn: number, latencyMs: number): void {
    this.#tables.histograms.record(place, latencyMs / (this.#tables.targetMs[fn] ?? 1));
  }

  #wouldWait(place: number, arm: number): number {
    return this.#tables.coldNow[place] === 1 ? (this.#market.arms[arm]?.coldMs ?? 0) : 0;
  }

  /** Calls that overlapped paid for a part only; what a cold start adds is no part of that. */
  #share(place: number, part: number): void {
    const { billedPart } = this.#tables;
    const before = billedPart[place] ?? 1;
    billedPart[place] = before + FOLLOW * (Math.min(1, part) - before);
  }

  /** Standard deviation of what is believed of an arm's speed for a function, on the scale of a logarithm. */
  doubt(fn: number, arm: number): number {
    const measured = this.#tables.measured[fn * this.#tables.arms + arm] ?? 0;
    const variance = this.#tables.logVariance[fn] ?? 1;
    return Math.sqrt(1 / (1 / PRIOR_VARIANCE + measured / variance));
  }

  #measure(fn: number, arm: number, log: number, nowMs: number): void {
    const { arms, measured, logMean, logVariance } = this.#tables;
    const place = fn * arms + arm;
    const count = Math.min(KEEP, (measured[place] ?? 0) + 1);
    const mean = logMean[place] ?? 0;
    const shift = this.speed.shift(arm, nowMs);
    measured[place] = count;
    logMean[place] = mean + (log - shift - mean) / count;
    const variance = logVariance[fn] ?? 1;
    if (count === 1) return;
    const weight = Math.max(FOLLOW, 1 / (count + PRIOR_MEASURED));
    logVariance[fn] = variance + weight * ((log - shift - mean) ** 2 - variance);
  }

  /** Whether the call took as long as calls of its function do, wherever most of them ran; tells how fast the arm is. */
  #hear(fn: number, arm: number, base: number, log: number, nowMs: number): void {
    const { arms, measured, logMean, logSlowness, logVariance } = this.#tables;
    const count = measured[base] ?? 0;
    if (count < FEW_MEASURED) return;
    const place = fn * arms + arm;
    const usual = (logMean[base] ?? 0) + (logSlowness[place] ?? 0) - (logSlowness[base] ?? 0);
    const noise = (logVariance[fn] ?? 1) * (1 + 1 / count);
    this.speed.heard(
      arm,
      log - usual,
      noise + (base === place ? 0 : this.doubt(fn, arm) ** 2),
      nowMs,
    );
  }

  /** The place where most of a function's calls were measured. */
  #base(fn: number): number {
    const { arms, measured } = this.#tables;
    const first = fn * arms;
    let base = first;
    for (let place = first + 1; place < first + arms; place++) {
      if ((measured[place] ?? 0) > (measured[base] ?? 0)) base = place;
    }
    return base;
  }

  /** Measured differences from the arm that is known best, weighed against the expected ones. */
  #compare(fn: number, base: number): void {
    const { arms, measured, logMean, logExpected, logSlowness, logVariance } = this.#tables;
    const first = fn * arms;
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
