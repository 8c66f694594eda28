import type { Clock, Random } from "#shared/function";
import type { Simulation } from "./simulation.ts";

/**
 * A machine with a clock of its own that may crash, start again and stand still. What it runs belongs to one of its
 * lives: after a crash nothing of that life goes on, not even the code behind an `await`.
 */
export class SimulatedNode {
  readonly name: string;
  /** How far its clock is off the true time. */
  readonly skewMs: number;
  readonly #simulation: Simulation;
  #life: Life | undefined;
  #onRestart: (() => void)[] = [];

  constructor(simulation: Simulation, name: string, skewMs = 0) {
    this.#simulation = simulation;
    this.name = name;
    this.skewMs = skewMs;
    this.#life = new Life(simulation, this);
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  /** The life it is in, `undefined` while it is down. */
  get life(): Life | undefined {
    return this.#life;
  }

  crash(): void {
    if (this.#life === undefined) return;
    this.#simulation.count("crashes");
    this.#simulation.note(() => `${this.name} crashes`);
    this.#life.end();
    this.#life = undefined;
  }

  restart(): void {
    if (this.#life !== undefined) return;
    this.#simulation.note(() => `${this.name} starts`);
    this.#life = new Life(this.#simulation, this);
    for (const run of this.#onRestart.splice(0)) run();
  }

  /** Does something once when the node starts again. */
  onRestart(run: () => void): void {
    this.#onRestart.push(run);
  }

  /** Stands still, as an instance that its platform has frozen; its clock goes on. */
  stall(milliseconds: number): void {
    if (this.#life === undefined) return;
    this.#simulation.count("stalls");
    this.#simulation.note(() => `${this.name} stands still for ${milliseconds} ms`);
    this.#life.stall(milliseconds);
  }
}

/** A node from its start to its crash: the ports that code of that life is given. */
export class Life {
  readonly node: SimulatedNode;
  readonly clock: Clock;
  readonly random: Random;
  readonly #simulation: Simulation;
  #isOver = false;
  #stalledUntilMs = 0;

  constructor(simulation: Simulation, node: SimulatedNode) {
    this.#simulation = simulation;
    this.node = node;
    this.random = simulation.random;
    this.clock = {
      now: () => Math.floor(simulation.nowMs + node.skewMs),
      sleep: (milliseconds, signal) => this.#sleep(milliseconds, signal),
    };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  stall(milliseconds: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.#simulation.nowMs + milliseconds);
  }

  /** Goes on with this life's code, later if it stands still, never if it is over. */
  resume(run: () => void): void {
    if (this.#isOver) return;
    if (this.#stalledUntilMs <= this.#simulation.nowMs) run();
    else this.#simulation.at(this.#stalledUntilMs, () => this.resume(run));
  }

  /** Notices an abort when the time has come, not before. */
  #sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void =>
        this.resume(() => {
          if (signal?.aborted === true) reject(reasonOf(signal));
          else resolve();
        });
      this.#simulation.after(milliseconds, wake);
    });
  }
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error(String(reason));
}
