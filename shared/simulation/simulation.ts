import type { Random } from "#shared/function";
import { seededRandom } from "#shared/testing";
import { Agenda } from "./agenda.ts";

export type SimulationOptions = {
  readonly seed: number;
  /** What the true time is at the start. */
  readonly startMs?: number;
  /** Takes the lines of the trace; without it none are made. */
  readonly onLine?: ((line: string) => void) | undefined;
};

/**
 * One world in one process: everything that waits has an appointment with the true time, and who has one at the same
 * moment goes in an order that the seed decides. Nothing else moves, so a seed repeats a run to the last step.
 */
export class Simulation {
  readonly seed: number;
  /** Everything that is left to chance. */
  readonly random: Random;
  readonly #agenda = new Agenda();
  readonly #facts = new Map<string, number>();
  readonly #onLine: ((line: string) => void) | undefined;
  #nowMs: number;

  constructor({ seed, startMs = Date.UTC(2026, 0, 1), onLine }: SimulationOptions) {
    this.seed = seed;
    this.random = seededRandom(seed);
    this.#nowMs = startMs;
    this.#onLine = onLine;
  }

  /** The true time, which no node knows. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random.next() * (most - least + 1));
  }

  /** True with this chance, from 0 to 1. */
  chance(share: number): boolean {
    return this.random.next() < share;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.random.next() * list.length)] ?? list[0];
  }

  /** Makes an appointment; the answer cancels it. */
  at(atMs: number, run: () => void): () => void {
    const appointment = {
      atMs: Math.max(atMs, this.#nowMs),
      rank: this.random.next(),
      run: run as (() => void) | undefined,
    };
    this.#agenda.add(appointment);
    return () => {
      appointment.run = undefined;
    };
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.at(this.#nowMs + milliseconds, run);
  }

  /** Lets everything happen that is due by then. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await settled();
      const next = this.#agenda.take(untilMs);
      if (next === undefined) break;
      this.#nowMs = next.atMs;
      next.run?.();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Counts something that must happen now and then, or the run has proved nothing: a crash, a lost message. */
  count(fact: string): void {
    this.#facts.set(fact, (this.#facts.get(fact) ?? 0) + 1);
  }

  get facts(): ReadonlyMap<string, number> {
    return this.#facts;
  }

  /** Tells the trace what happens, if there is one. */
  note(line: () => string): void {
    this.#onLine?.(`${new Date(this.#nowMs).toISOString().slice(5, 23)}  ${line()}`);
  }
}

/** Resolves when no promise has anything left to do: Node empties its queue of microtasks before an immediate. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
