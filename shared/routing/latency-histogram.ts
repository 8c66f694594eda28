/** Buckets of a histogram. */
export const BUCKETS = 32;

/** The bucket that ends exactly at the target; those above end at 1.25, 1.5625 … times it, the last nowhere. */
const TARGET_BUCKET = 23;
const RATIO = 1.25;

/**
 * Counts of answer times as shares of the function's own target, 64 bytes for a place. Buckets grow by a quarter and one
 * ends exactly at the target, so whether a p95 keeps it is exact; how far it is from it, to a bucket.
 */
export class LatencyHistograms {
  #counts: Uint16Array;

  constructor(places: number) {
    this.#counts = new Uint16Array(places * BUCKETS);
  }

  /** Makes room for more places; what was counted stays. */
  grow(places: number): void {
    const counts = new Uint16Array(places * BUCKETS);
    counts.set(this.#counts);
    this.#counts = counts;
  }

  get bytes(): number {
    return this.#counts.byteLength;
  }

  record(place: number, shareOfTarget: number): void {
    const at = place * BUCKETS + bucketOf(shareOfTarget);
    const count = (this.#counts[at] ?? 0) + 1;
    this.#counts[at] = count;
    if (count >= 0xff_ff) this.halve(place);
  }

  /** Forgets half of what it knows of a place, so that a p95 follows the last minutes. */
  halve(place: number): void {
    const first = place * BUCKETS;
    for (let at = first; at < first + BUCKETS; at++)
      this.#counts[at] = (this.#counts[at] ?? 0) >> 1;
  }

  total(place: number): number {
    const first = place * BUCKETS;
    let total = 0;
    for (let at = first; at < first + BUCKETS; at++) total += this.#counts[at] ?? 0;
    return total;
  }

  /** How many of them took longer than the target. */
  overTarget(place: number): number {
    let over = 0;
    for (let bucket = TARGET_BUCKET + 1; bucket < BUCKETS; bucket++) {
      over += this.#counts[place * BUCKETS + bucket] ?? 0;
    }
    return over;
  }

  /** What a share of the calls kept, in shares of the target, rounded up to a bucket; 0 where nothing was recorded. */
  quantile(place: number, share: number): number {
    const rank = Math.ceil(this.total(place) * share);
    if (rank === 0) return 0;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[place * BUCKETS + bucket] ?? 0;
      if (seen >= rank) return upperEdge(bucket);
    }
    return Infinity;
  }
}

/** The bucket of an answer time, given as a share of the target. */
export function bucketOf(shareOfTarget: number): number {
  if (shareOfTarget <= 1 && shareOfTarget * RATIO > 1) return TARGET_BUCKET;
  const bucket = TARGET_BUCKET + Math.ceil(Math.log(shareOfTarget) / Math.log(RATIO));
  return Math.max(0, Math.min(BUCKETS - 1, bucket));
}

/** The largest share of the target that a bucket counts. */
export function upperEdge(bucket: number): number {
  return bucket === BUCKETS - 1 ? Infinity : RATIO ** (bucket - TARGET_BUCKET);
}
