import type { RouterTables } from "./router-tables.ts";

/** Failures in a row after which a function leaves an arm alone, and after which all functions do. */
const PLACE_FAILURES = 3;
const ARM_FAILURES = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Circuit breakers (https://martinfowler.com/bliki/CircuitBreaker.html) per function and arm, and per arm. An open one
 * masks the arm whatever it costs; after a pause one call may probe, and only its success closes the breaker.
 */
export class Breakers {
  readonly #tables: RouterTables;
  readonly #armFailures: Uint8Array;
  readonly #armClosedUntilMs: Float64Array;

  constructor(tables: RouterTables) {
    this.#tables = tables;
    this.#armFailures = new Uint8Array(tables.arms);
    this.#armClosedUntilMs = new Float64Array(tables.arms).fill(-Infinity);
  }

  isOpen(place: number, arm: number, nowMs: number): boolean {
    return (
      (this.#armClosedUntilMs[arm] ?? 0) > nowMs || (this.#tables.closedUntilMs[place] ?? 0) > nowMs
    );
  }

  /** A call goes to an arm whose pause is over: it is the only probe until the next pause ends. */
  chosen(place: number, arm: number, nowMs: number): void {
    const { failures, closedUntilMs } = this.#tables;
    const failed = this.#armFailures[arm] ?? 0;
    if (failed >= ARM_FAILURES) this.#armClosedUntilMs[arm] = nowMs + pauseMs(failed, arm);
    const here = failures[place] ?? 0;
    if (here >= PLACE_FAILURES) closedUntilMs[place] = nowMs + pauseMs(here, place);
  }

  failed(place: number, arm: number, nowMs: number): void {
    const { failures, closedUntilMs } = this.#tables;
    const here = Math.min(200, (failures[place] ?? 0) + 1);
    failures[place] = here;
    if (here >= PLACE_FAILURES) closedUntilMs[place] = nowMs + pauseMs(here, place);
    const all = Math.min(200, (this.#armFailures[arm] ?? 0) + 1);
    this.#armFailures[arm] = all;
    if (all >= ARM_FAILURES) this.#armClosedUntilMs[arm] = nowMs + pauseMs(all, arm);
  }

  succeeded(place: number, arm: number): void {
    const { failures, closedUntilMs } = this.#tables;
    if ((failures[place] ?? 0) > 0) {
      failures[place] = 0;
      closedUntilMs[place] = -Infinity;
    }
    if ((this.#armFailures[arm] ?? 0) > 0) {
      this.#armFailures[arm] = 0;
      this.#armClosedUntilMs[arm] = -Infinity;
    }
  }
}

/** Doubles up to a minute; spread by a tenth, so that not all places probe at once. */
function pauseMs(failures: number, place: number): number {
  const doubled = FIRST_PAUSE_MS * 2 ** Math.min(10, Math.max(0, failures - ARM_FAILURES));
  const spread = 1 + ((Math.imul(place + 1, 0x9e37_79b1) >>> 24) / 255) * 0.1;
  return Math.min(LONGEST_PAUSE_MS, doubled) * spread;
}
