/** Variance that is believed of an arm's speed after a long silence: a standard deviation of 0.5, e^0.5 is 1.6 times. */
const WIDEST = 0.25;
/** How fast doubt comes back: from nothing to {@link WIDEST} in ten minutes. */
const DOUBT_PER_MS = WIDEST / 600_000;
/** A slowness that nobody can look at any more is forgotten by half in this time. */
const HALF_LIFE_MS = 30 * 60_000;
const LOOK_AGAIN_MS = 60_000;
/** Who may not be late plans with so many standard deviations more than what is believed. */
const SAFE = 2;
/** A call says no more than if durations of its function scattered at least so much (variance of the logarithm). */
const LEAST_NOISE = 0.1;
/** How far a single call can be from what was believed, in standard deviations, before it counts as an outlier. */
const OUTLIER = 2.5;
/** An arm is taken to be slower once it is by more than this (e^0.35 is 1.4 times) and beyond chance, until it is not. */
const DEAD_ZONE = 0.35;
const BEYOND_CHANCE = 2.5;

/**
 * How much slower than usual each arm is now, for all functions together: one signal, so that a function learns of it
 * before it has called there itself. A Kalman filter over the logarithm (https://doi.org/10.1115/1.3662552): calls of
 * functions that always take alike count more, doubt grows with silence, so few calls a minute are heard as well as many.
 */
export class ArmSpeed {
  readonly #mean: Float64Array;
  readonly #variance: Float64Array;
  readonly #atMs: Float64Array;
  /** 1 while an arm is plainly slower or faster; it takes more to become so than to stay so. */
  readonly #shifted: Uint8Array;

  constructor(arms: number) {
    this.#mean = new Float64Array(arms);
    this.#variance = new Float64Array(arms);
    this.#atMs = new Float64Array(arms);
    this.#shifted = new Uint8Array(arms);
  }

  /** A call took `log` longer than usual, on a scale of logarithms, where `noise` is the variance of such figures. */
  heard(arm: number, log: number, noise: number, nowMs: number): void {
    const mean = this.#mean[arm] ?? 0;
    const variance = this.#varianceAt(arm, nowMs);
    const spread = variance + Math.max(LEAST_NOISE, noise);
    const most = OUTLIER * Math.sqrt(spread);
    const gain = variance / spread;
    this.#mean[arm] = mean + gain * Math.max(-most, Math.min(most, log - mean));
    this.#variance[arm] = variance * (1 - gain);
    this.#atMs[arm] = nowMs;
    this.#judge(arm);
  }

  /** The logarithm of how much slower than usual an arm is, below 0 when it is faster; 0 unless that is plain. */
  shift(arm: number, nowMs: number): number {
    if (this.#shifted[arm] !== 1) return 0;
    const now = (this.#mean[arm] ?? 0) * 0.5 ** (this.#silentMs(arm, nowMs) / HALF_LIFE_MS);
    return now < DEAD_ZONE && now > -DEAD_ZONE ? 0 : now;
  }

  /** How slow an arm that is plainly slower may be, to be safe; 0 where it is not. */
  worst(arm: number, nowMs: number): number {
    const shift = this.shift(arm, nowMs);
    return shift > 0 ? shift + SAFE * Math.sqrt(this.#varianceAt(arm, nowMs)) : 0;
  }

  /** Whether an arm is taken to be slower, and nobody has looked for a minute: one call may find out. */
  isOutdated(arm: number, nowMs: number): boolean {
    return this.#silentMs(arm, nowMs) > LOOK_AGAIN_MS && this.shift(arm, nowMs) > 0;
  }

  #judge(arm: number): void {
    const size = Math.abs(this.#mean[arm] ?? 0);
    if (size < DEAD_ZONE) this.#shifted[arm] = 0;
    else if (size >= BEYOND_CHANCE * Math.sqrt(this.#variance[arm] ?? 0)) this.#shifted[arm] = 1;
  }

  #silentMs(arm: number, nowMs: number): number {
    return Math.max(0, nowMs - (this.#atMs[arm] ?? 0));
  }

  #varianceAt(arm: number, nowMs: number): number {
    const gained = this.#silentMs(arm, nowMs) * DOUBT_PER_MS;
    return Math.min(WIDEST, (this.#variance[arm] ?? 0) + gained);
  }
}
