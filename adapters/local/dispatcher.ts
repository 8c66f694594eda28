import { type Consumer, deliver, MAX_IN_FLIGHT, restMs } from "./delivery.ts";
import type { Engine, Leased } from "./engine/engine.ts";
import { ASYNC_QUEUE, runAsync } from "./gateway/async-actions.ts";
import type { Fleet, FleetFunction } from "./gateway/fleet.ts";
import { decodePlacement } from "./gateway/place-message.ts";

/** Without news the next look is at most this far off. */
const LONGEST_WAIT_MS = 60_000;

/**
 * What a broker and a cloud's trigger do together: leases messages of the embedded queues and delivers each to
 * its function, on the runtime that sent it where that is up, as that cloud's native event.
 */
export class Dispatcher {
  readonly #engine: Engine;
  readonly #fleet: Fleet;
  readonly #consumers: readonly Consumer[];
  readonly #functions: readonly FleetFunction[];
  readonly #inFlight = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(
    engine: Engine,
    fleet: Fleet,
    consumers: readonly Consumer[],
    functions: readonly FleetFunction[],
  ) {
    this.#engine = engine;
    this.#fleet = fleet;
    this.#consumers = consumers;
    this.#functions = functions;
  }

  /** Frees what a dead process had leased, then delivers until stopped. */
  async start(): Promise<void> {
    await this.#engine.releaseAll();
    this.#engine.onMessage((queue) => this.#pump(queue));
    for (const { queue } of this.#consumers) this.#pump(queue);
    this.#pump(ASYNC_QUEUE);
  }

  /** Stops leasing; what is in flight ends by itself or is delivered again after the next start. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #pump(queue: string): void {
    if (this.#stopped) return;
    const consumer = this.#consumers.find((candidate) => candidate.queue === queue);
    if (consumer === undefined && queue !== ASYNC_QUEUE) return;
    const room = MAX_IN_FLIGHT - (this.#inFlight.get(queue) ?? 0);
    if (room <= 0) return;
    const leaseSeconds = consumer?.visibilitySeconds ?? 120;
    // Reserved before the lease is awaited, so that two wake-ups never take more than there is room for.
    this.#count(queue, room);
    this.#engine.lease(queue, room, leaseSeconds).then(
      (leased) => {
        this.#count(queue, leased.length - room);
        for (const message of leased) void this.#handle(queue, consumer, message);
        if (leased.length < room) this.#wakeLater(queue);
      },
      () => {
        this.#count(queue, -room);
        this.#wakeLater(queue);
      },
    );
  }

  async #handle(queue: string, consumer: Consumer | undefined, message: Leased): Promise<void> {
    let done = false;
    try {
      done =
        consumer === undefined
          ? await runAsync(this.#fleet, this.#functions, message.body)
          : await this.#deliver(consumer, message);
    } catch {
      // The run holds the reason; the message is delivered again after its rest.
    }
    const visibleAfterMs = restMs(message.receiveCount);
    try {
      await this.#engine.settle(message.handle, done ? "done" : { visibleAfterMs });
    } finally {
      this.#count(queue, -1);
      this.#pump(queue);
    }
  }

  #deliver(consumer: Consumer, message: Leased): Promise<boolean> {
    const decision = this.#fleet.decide(consumer, undefined, message.home);
    const placed = decision.reason === "home" ? decodePlacement(message.placement) : undefined;
    return deliver(this.#fleet, consumer, message, placed ?? decision);
  }

  #wakeLater(queue: string): void {
    if (this.#stopped) return;
    const visibleAtMs = this.#engine.nextVisibleAtMs(queue);
    clearTimeout(this.#timers.get(queue));
    if (visibleAtMs === undefined) return;
    const delayMs = Math.min(Math.max(10, visibleAtMs - Date.now()), LONGEST_WAIT_MS);
    this.#timers.set(
      queue,
      setTimeout(() => this.#pump(queue), delayMs),
    );
  }

  #count(queue: string, change: number): void {
    this.#inFlight.set(queue, (this.#inFlight.get(queue) ?? 0) + change);
  }
}
