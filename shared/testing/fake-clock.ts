import type { Clock } from "#shared/function";

type Sleeper = { readonly wakeAtMs: number; readonly wake: () => void };

/**
 * A clock that a test sets. Sleeping takes no time: as soon as nothing else is ready to run, the clock jumps to the
 * earliest sleeper, so waits end in the order of their times and a suite with long backoffs runs at once.
 */
export class FakeClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Moves the time, also backwards: clocks do that. */
  advance(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(reasonOf(signal));
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(reasonOf(signal));
      };
      const wake = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      const sleeper = { wakeAtMs: this.#nowMs + milliseconds, wake };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.push(sleeper);
      setImmediate(() => this.#wakeEarliest());
    });
  }

  #wakeEarliest(): void {
    const earliest = this.#sleepers.toSorted((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
    if (earliest === undefined) return;
    this.#sleepers = this.#sleepers.filter((other) => other !== earliest);
    // Up to a whole millisecond, as a machine's clock shows.
    this.#nowMs = Math.max(this.#nowMs, Math.ceil(earliest.wakeAtMs));
    earliest.wake();
  }
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}
