const FAILURES = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/** Leaves a host alone that fails: after each pause one request may probe, and only its success ends it. */
export class HostBreaker {
  #failures = 0;
  #openUntilMs = Number.NEGATIVE_INFINITY;

  /** How long the host is still left alone; 0 when a request may go. */
  openMs(nowMs: number): number {
    return Math.max(0, this.#openUntilMs - nowMs);
  }

  /** A request goes: where the host has failed before, it is the only one until the next pause is over. */
  entered(nowMs: number): void {
    if (this.#failures >= FAILURES) this.#openUntilMs = nowMs + this.#pauseMs();
  }

  left(failed: boolean, nowMs: number): void {
    if (!failed) {
      this.#failures = 0;
      this.#openUntilMs = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#failures++;
    if (this.#failures >= FAILURES) this.#openUntilMs = nowMs + this.#pauseMs();
  }

  #pauseMs(): number {
    return Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(10, this.#failures - FAILURES),
    );
  }
}
