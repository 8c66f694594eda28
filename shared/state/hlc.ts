import type { Random } from "#shared/function";
import type { StateDriver } from "./driver.ts";

/** A reading as text: 12 hex digits of milliseconds, 4 of a counter, 8 of the node, so text order is time order. */
export const REVISION = /^([0-9a-f]{12})-([0-9a-f]{4})-([0-9a-f]{8})$/;

/** A reading further ahead of us than this is a broken clock, and following it would break ours. */
const MAX_SKEW_MS = 600_000;
const MAX_COUNTER = 0xffff;

/**
 * A hybrid logical clock (Kulkarni et al., https://cse.buffalo.edu/tech-reports/2014-04.pdf): readings grow even when
 * the wall clock stands still or goes back, and are later than every reading seen from another node.
 */
export class HybridClock {
  readonly #node: string;
  #milliseconds = 0;
  #counter = 0;

  /** `node` is 8 hex digits that no other writer has. */
  constructor(node: string) {
    this.#node = node;
  }

  /** A reading later than every one before. */
  next(nowMs: number): string {
    const wholeMs = Math.floor(nowMs);
    if (wholeMs > this.#milliseconds) {
      this.#milliseconds = wholeMs;
      this.#counter = 0;
    } else if (this.#counter < MAX_COUNTER) {
      this.#counter += 1;
    } else {
      this.#milliseconds += 1;
      this.#counter = 0;
    }
    return `${hex(this.#milliseconds, 12)}-${hex(this.#counter, 4)}-${this.#node}`;
  }

  /** Takes note of another node's reading, so that the next one of ours is later. */
  observe(reading: string, nowMs: number): void {
    const [, time = "", count = ""] = REVISION.exec(reading) ?? [];
    const milliseconds = Number.parseInt(time, 16);
    const counter = Number.parseInt(count, 16);
    if (Number.isNaN(milliseconds) || milliseconds > nowMs + MAX_SKEW_MS) return;
    if (milliseconds < this.#milliseconds) return;
    this.#counter = milliseconds > this.#milliseconds ? counter : Math.max(counter, this.#counter);
    this.#milliseconds = milliseconds;
  }
}

// One clock per store connection and process; two clocks with one node id could give the same reading.
const clocks = new WeakMap<StateDriver, HybridClock>();

/** The process's clock for a store. */
export function hybridClock(driver: StateDriver, random: Random): HybridClock {
  const known = clocks.get(driver);
  if (known !== undefined) return known;
  const clock = new HybridClock(Buffer.from(random.bytes(4)).toString("hex"));
  clocks.set(driver, clock);
  return clock;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
