import { setTimeout as sleep } from "node:timers/promises";
import type { QueueReceiver, Received } from "#shared/queue";
import { type Consumer, deliver, MAX_IN_FLIGHT, restMs } from "./delivery.ts";
import type { Fleet } from "./gateway/fleet.ts";

/** How long a broker may hold a request open until there is a message. */
const WAIT_SECONDS = 10;
/** After a broker failed it is left alone for so long. */
const PAUSE_MS = 1_000;
/** A host that is down, or a queue that has enough to do, is looked at again after this time. */
const LOOK_EVERY_MS = 50;

/**
 * What a cloud's trigger does for the queues of its own broker: takes messages and delivers them to their functions on
 * that cloud's host and no other, for only there is the state that they are about.
 */
export class BrokerPump {
  readonly #runtime: string;
  readonly #receiver: QueueReceiver;
  readonly #fleet: Fleet;
  readonly #consumers: readonly Consumer[];
  readonly #stop = new AbortController();

  constructor(
    runtime: string,
    receiver: QueueReceiver,
    fleet: Fleet,
    consumers: readonly Consumer[],
  ) {
    this.#runtime = runtime;
    this.#receiver = receiver;
    this.#fleet = fleet;
    this.#consumers = consumers;
  }

  start(): void {
    for (const consumer of this.#consumers) void this.#pump(consumer);
  }

  /** Takes no more; what is in flight ends by itself or is delivered again when its lease is over. */
  stop(): void {
    this.#stop.abort();
  }

  async #pump(consumer: Consumer): Promise<void> {
    const { signal } = this.#stop;
    const inFlight = new Set<Promise<void>>();
    while (!signal.aborted) {
      const room = MAX_IN_FLIGHT - inFlight.size;
      const isReady = room > 0 && this.#fleet.isUp(this.#runtime);
      const messages = isReady ? await this.#receive(consumer, room) : undefined;
      for (const message of messages ?? []) {
        const handling = this.#handle(consumer, message).finally(() => inFlight.delete(handling));
        inFlight.add(handling);
      }
      if (!isReady) await sleep(LOOK_EVERY_MS);
    }
  }

  async #receive(
    { queue, visibilitySeconds }: Consumer,
    limit: number,
  ): Promise<readonly Received[]> {
    const lease = { limit, leaseSeconds: visibilitySeconds, waitSeconds: WAIT_SECONDS };
    try {
      return await this.#receiver.receive(queue, lease, this.#stop.signal);
    } catch {
      if (!this.#stop.signal.aborted) await sleep(PAUSE_MS);
      return [];
    }
  }

  async #handle(consumer: Consumer, message: Received): Promise<void> {
    let done = false;
    try {
      const decision = this.#fleet.decide(consumer, undefined, this.#runtime);
      done =
        decision.runtime === this.#runtime &&
        (await deliver(this.#fleet, consumer, message, decision));
    } catch {
      // The run holds the reason; the message is delivered again after its rest.
    }
    const settlement = done ? "done" : { visibleAfterMs: restMs(message.receiveCount) };
    // A settlement that failed ends with the lease.
    await this.#receiver.settle(consumer.queue, message.handle, settlement).catch(() => false);
  }
}
