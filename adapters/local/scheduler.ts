import { Cron } from "croner";
import type { Engine } from "./engine/engine.ts";
import type { Fleet, FleetFunction } from "./gateway/fleet.ts";

/** A function that runs at moments in time. */
export type Scheduled = FleetFunction & {
  readonly cron: string;
  readonly missed: "skip" | "once";
};

/** Waits between the attempts of a slot whose delivery failed: the last outlasts the lease of a run that broke off. */
const RETRY_AFTER_MS = [2_000, 15_000, 60_000, 300_000];

/**
 * Fires each slot of each schedule once, in UTC. A slot is recorded after it was delivered, so a crash in
 * between delivers it again, where the pipeline's own fence keeps it from running twice.
 */
export class Scheduler {
  readonly #engine: Engine;
  readonly #fleet: Fleet;
  readonly #scheduled: readonly Scheduled[];
  readonly #jobs: Cron[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(engine: Engine, fleet: Fleet, scheduled: readonly Scheduled[]) {
    this.#engine = engine;
    this.#fleet = fleet;
    this.#scheduled = scheduled;
  }

  start(): void {
    for (const fn of this.#scheduled) {
      const job = new Cron(fn.cron, { timezone: "UTC", mode: "5-part" }, () => {
        this.#fire(fn, Math.floor(Date.now() / 60_000) * 60_000, 0);
      });
      this.#jobs.push(job);
      this.#catchUp(fn, job);
    }
  }

  stop(): void {
    for (const job of this.#jobs) job.stop();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Delivers the latest slot that passed while nothing ran, if the schedule asks for it. */
  #catchUp(fn: Scheduled, job: Cron): void {
    const latest = job.previousRuns(1)[0]?.getTime();
    const delivered = this.#engine.lastSlot(fn.name);
    if (latest === undefined) return;
    // The first start ever owes nothing for the time before it.
    if (delivered === undefined) void this.#engine.claimSlot(fn.name, latest);
    else if (fn.missed === "once" && delivered < latest) this.#fire(fn, latest, 0);
  }

  #fire(fn: Scheduled, slotMs: number, attempt: number): void {
    if ((this.#engine.lastSlot(fn.name) ?? -1) >= slotMs) return;
    this.#deliver(fn, slotMs).catch(() => {
      const waitMs = RETRY_AFTER_MS[attempt];
      if (waitMs === undefined) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#fire(fn, slotMs, attempt + 1);
      }, waitMs);
      this.#timers.add(timer);
    });
  }

  async #deliver(fn: Scheduled, slotMs: number): Promise<void> {
    await this.#fleet.schedule(fn, slotMs, Date.now(), this.#fleet.decide(fn));
    await this.#engine.claimSlot(fn.name, slotMs);
  }
}
