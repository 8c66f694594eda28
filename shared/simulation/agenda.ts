/** What is to happen at a moment; a cancelled one is passed over. */
export type Appointment = {
  readonly atMs: number;
  readonly rank: number;
  run: (() => void) | undefined;
};

/** Appointments in the order of their times, and of their ranks where times are equal: a binary heap. */
export class Agenda {
  readonly #heap: Appointment[] = [];

  add(appointment: Appointment): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(appointment);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isEarlier(appointment, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = appointment;
  }

  /** Takes the next one that was not cancelled, if it is due by then. */
  take(untilMs: number): Appointment | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.atMs > untilMs) return undefined;
      this.#removeFirst();
      if (first.run !== undefined) return first;
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const child = this.#earlierChild(index);
      const candidate = heap[child];
      if (candidate === undefined || !isEarlier(candidate, last)) break;
      heap[index] = candidate;
      index = child;
    }
    heap[index] = last;
  }

  #earlierChild(index: number): number {
    const left = 2 * index + 1;
    const [one, other] = [this.#heap[left], this.#heap[left + 1]];
    return one !== undefined && other !== undefined && isEarlier(other, one) ? left + 1 : left;
  }
}

function isEarlier(a: Appointment, b: Appointment): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.rank < b.rank);
}
