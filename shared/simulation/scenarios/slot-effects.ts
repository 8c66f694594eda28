import { Fault } from "#shared/errors";
import { slotName } from "#shared/schedules";
import type { Endpoint } from "../network.ts";
import type { Life } from "../simulated-node.ts";
import type { Simulation } from "../simulation.ts";

type Run = { readonly life: Life; readonly startMs: number };

/**
 * Where a schedule's effects take place: a service that refuses an older fence than it has seen, and does a slot once
 * per key, where it is told of them. It also watches what must hold.
 */
export class SlotEffects implements Endpoint {
  readonly name = "sink";
  readonly isUp = true;
  readonly violations: string[] = [];
  readonly #simulation: Simulation;
  readonly #leaseMs: number;
  readonly #done = new Set<number>();
  readonly #highest = new Map<number, number>();
  readonly #begun = new Map<number, number>();
  readonly #running = new Map<number, Set<Run>>();
  readonly #ended = new Set<number>();

  constructor(simulation: Simulation, leaseMs: number) {
    this.#simulation = simulation;
    this.#leaseMs = leaseMs;
  }

  /** A run of a slot begins; the answer ends it. */
  begin(life: Life, slotMs: number, fence: number | undefined): () => void {
    const { nowMs } = this.#simulation;
    const runs = this.#running.get(slotMs) ?? new Set<Run>();
    this.#running.set(slotMs, runs);
    const isHeld = [...runs].some((run) => !run.life.isOver && run.startMs + this.#leaseMs > nowMs);
    if (fence !== undefined && isHeld) this.#violate(slotMs, "was run twice at the same time");
    const before = this.#begun.get(slotMs) ?? 0;
    if (fence !== undefined && fence <= before) this.#violate(slotMs, "had one fence twice");
    if (before > 0) this.#simulation.count("repeated runs");
    if (nowMs - slotMs > 60_000) this.#simulation.count("late slots");
    this.#begun.set(slotMs, Math.max(before, fence ?? 1));
    this.#simulation.note(() => `${life.node.name} runs ${slotName(slotMs)}, fence ${fence}`);
    const run = { life, startMs: nowMs };
    runs.add(run);
    return () => void runs.delete(run);
  }

  apply(slotMs: number, fence: number | undefined): void {
    const isRepeat = this.#done.has(slotMs);
    this.#done.add(slotMs);
    if (fence === undefined) {
      if (isRepeat) this.#violate(slotMs, "had its effect twice");
      return;
    }
    if (fence < (this.#highest.get(slotMs) ?? 0)) {
      this.#simulation.count("stale fences");
      throw new Fault("failed_precondition", "simulation: a higher fence was here before");
    }
    this.#highest.set(slotMs, fence);
    if (isRepeat) this.#simulation.count("repeated effects");
    this.#simulation.note(() => `the effect of ${slotName(slotMs)}, fence ${fence}`);
  }

  /** A delivery of the slot was answered without an error. */
  end(slotMs: number): void {
    this.#ended.add(slotMs);
  }

  /**
   * Whether a slot should have had its effect and has not: it was begun, or some deployment believes that it, or the one
   * after it, is settled. What is left passed while nothing ran, and by `missed: "once"` the next such slot stood for it.
   */
  isOwed(slotMs: number, intervalMs: number): boolean {
    if (this.#done.has(slotMs)) return false;
    const isSettled = this.#ended.has(slotMs) || this.#ended.has(slotMs + intervalMs);
    if (isSettled || this.#begun.has(slotMs)) return true;
    this.#simulation.count("slots that passed while nothing ran");
    return false;
  }

  #violate(slotMs: number, what: string): void {
    this.violations.push(`${slotName(slotMs)} ${what}`);
  }
}
