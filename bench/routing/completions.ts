/** What a policy learns of a call when it ends. */
export type Outcome = {
  endMs: number;
  call: number;
  fn: number;
  arm: number;
  latencyMs: number;
  durationMs: number;
  billedSeconds: number;
  cold: boolean;
  explored: boolean;
  /** It ran, but its cloud went down before it could answer. */
  lost: boolean;
};

/** Calls under way, the one that ends first on top (a binary heap). */
export class Completions {
  readonly #heap: Outcome[] = [];

  push(outcome: Outcome): void {
    const heap = this.#heap;
    heap.push(outcome);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent]?.endMs ?? 0) <= outcome.endMs) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The next call that has ended by `nowMs`. */
  pop(nowMs: number): Outcome | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.endMs > nowMs) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    const heap = this.#heap;
    const end = (at: number): number => heap[at]?.endMs ?? Infinity;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const least = end(left + 1) < end(left) ? left + 1 : left;
      if (end(least) >= end(at)) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
