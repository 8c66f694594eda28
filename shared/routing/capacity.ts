/**
 * How many calls a second each arm may take: a token bucket that holds one second's worth. Where a cloud answers 429,
 * calls go elsewhere before it has to. Without a limit an arm always has room.
 */
export class Capacity {
  readonly #perSecond: Float64Array;
  readonly #tokens: Float64Array;
  readonly #filledAtMs: Float64Array;

  constructor(arms: number) {
    this.#perSecond = new Float64Array(arms).fill(Infinity);
    this.#tokens = new Float64Array(arms).fill(Infinity);
    this.#filledAtMs = new Float64Array(arms);
  }

  limit(arm: number, callsPerSecond: number, nowMs: number): void {
    this.#perSecond[arm] = callsPerSecond;
    this.#tokens[arm] = callsPerSecond;
    this.#filledAtMs[arm] = nowMs;
  }

  has(arm: number, nowMs: number): boolean {
    const perSecond = this.#perSecond[arm] ?? 0;
    if (perSecond === Infinity) return true;
    const gained = ((nowMs - (this.#filledAtMs[arm] ?? 0)) / 1000) * perSecond;
    this.#tokens[arm] = Math.min(Math.max(1, perSecond), (this.#tokens[arm] ?? 0) + gained);
    this.#filledAtMs[arm] = nowMs;
    return (this.#tokens[arm] ?? 0) >= 1;
  }

  take(arm: number): void {
    this.#tokens[arm] = (this.#tokens[arm] ?? 0) - 1;
  }
}
