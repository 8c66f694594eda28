/** When each warm instance of a place is free again. */
type Pool = number[];

/** The instances of every function on every arm: which calls find a warm one, and which start one. */
export class Instances {
  readonly #pools: Pool[];
  readonly #keepAliveMs: Float64Array;
  readonly #callsPerInstance: Float64Array;

  constructor(places: number, keepAliveMs: Float64Array, callsPerInstance: Float64Array) {
    this.#pools = Array.from({ length: places }, () => []);
    this.#keepAliveMs = keepAliveMs;
    this.#callsPerInstance = callsPerInstance;
  }

  /** Takes the slot that was used last among the free ones; gives `false` where a new instance has to start. */
  take(place: number, arm: number, startMs: number): boolean {
    const pool = this.#pools[place] ?? [];
    const oldest = startMs - (this.#keepAliveMs[arm] ?? 0);
    let best = -1;
    for (let slot = pool.length - 1; slot >= 0; slot--) {
      const freeAtMs = pool[slot] ?? 0;
      if (freeAtMs < oldest) drop(pool, slot);
      else if (freeAtMs <= startMs && (best < 0 || freeAtMs > (pool[best] ?? 0))) best = slot;
      if (best >= pool.length) best = slot < pool.length ? slot : -1;
    }
    if (best >= 0) {
      drop(pool, best);
      return true;
    }
    for (let extra = 1; extra < (this.#callsPerInstance[arm] ?? 1); extra++) pool.push(startMs);
    return false;
  }

  release(place: number, freeAtMs: number): void {
    this.#pools[place]?.push(freeAtMs);
  }

  /** All instances of an arm are gone, as after an outage. */
  stop(arm: number, arms: number): void {
    for (let place = arm; place < this.#pools.length; place += arms) this.#pools[place] = [];
  }
}

function drop(pool: Pool, slot: number): void {
  const last = pool.pop() ?? 0;
  if (slot < pool.length) pool[slot] = last;
}
