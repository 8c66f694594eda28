import type { Life, SimulatedNode } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";

export type TimerHabits = {
  /** How often a delivery that failed, or came to nothing, is repeated. */
  readonly repeats: number;
  /** Whether the latest slot that found the node down is delivered when it is back. */
  readonly isOwed: boolean;
};

/** After so long a delivery that was not answered counts as failed. */
const ANSWER_WITHIN_MS = 300_000;
const JITTER_MS = 3_000;

/** A cloud's own scheduler: fires by the clock of its cloud, at least once, and repeats as its habits are. */
export class Timer {
  readonly #simulation: Simulation;
  readonly #node: SimulatedNode;
  readonly #habits: TimerHabits;
  readonly #tick: (life: Life, slotMs: number) => Promise<void>;
  readonly #onEnd: (slotMs: number) => void;

  constructor(
    simulation: Simulation,
    node: SimulatedNode,
    habits: TimerHabits,
    tick: (life: Life, slotMs: number) => Promise<void>,
    onEnd: (slotMs: number) => void,
  ) {
    this.#simulation = simulation;
    this.#node = node;
    this.#habits = habits;
    this.#tick = tick;
    this.#onEnd = onEnd;
  }

  plan(slots: readonly number[]): void {
    for (const slotMs of slots) {
      const dueMs = slotMs - this.#node.skewMs + this.#simulation.between(0, JITTER_MS);
      this.#simulation.at(dueMs, () => this.#deliver(slotMs, 0));
      if (!this.#simulation.chance(0.03)) continue;
      this.#simulation.at(dueMs + this.#simulation.between(0, 20_000), () =>
        this.#deliver(slotMs, this.#habits.repeats),
      );
    }
  }

  #deliver(slotMs: number, repeat: number): void {
    const { life } = this.#node;
    if (life === undefined) return this.#later(slotMs, repeat);
    let isAnswered = false;
    const fail = (): void => {
      if (isAnswered) return;
      isAnswered = true;
      this.#later(slotMs, repeat);
    };
    this.#tick(life, slotMs).then(() => {
      isAnswered = true;
      this.#onEnd(slotMs);
    }, fail);
    if (repeat < this.#habits.repeats) this.#simulation.after(ANSWER_WITHIN_MS, fail);
  }

  #later(slotMs: number, repeat: number): void {
    if (repeat < this.#habits.repeats) {
      const waitMs = this.#simulation.between(30_000, 120_000);
      this.#simulation.after(waitMs, () => this.#deliver(slotMs, repeat + 1));
    } else if (this.#habits.isOwed && !this.#node.isUp) {
      this.#node.onRestart(() => this.#deliver(slotMs, this.#habits.repeats));
    }
  }
}
