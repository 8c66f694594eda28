import { type Fault, toFault } from "#shared/errors";
import type { Ports } from "#shared/function";
import type { ReplicatedState } from "./replicated-state.ts";
import { oldestWaitingMs, type Peer, ship } from "./ship.ts";

/** How sending to one cloud goes. */
export type ShippingStatus = {
  /** How old the oldest change is that the cloud has not got; 0 when it has all. */
  readonly lagMs: number;
  /** When it last took something, or was found to have all. */
  readonly lastSentAtMs: number | null;
  readonly sentRows: number;
  /** Why the last attempt failed. */
  readonly fault: string | null;
};

export type ShippingOptions = {
  /** The store as it is now; `undefined` while the cloud is no member. */
  readonly state: () => ReplicatedState | undefined;
  readonly peer: Peer;
  readonly ports: Pick<Ports, "clock" | "random">;
  /** Gets the age of the oldest change of each shipment, and of what waits when one has failed. */
  readonly onLag: (lagMs: number) => void;
};

const BUSY_EVERY_MS = 100;
/** A store that nobody writes to is looked at less and less often: looking is billed. */
const IDLE_EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 5_000;

/**
 * Sends one cloud what waits for it, one batch at a time, for as long as it runs. What waits is in the store, so a new
 * start goes on where the last one ended; a cloud that is away or busy is asked again after a time that doubles.
 */
export class Shipping {
  readonly #options: ShippingOptions;
  #status: Omit<ShippingStatus, "lagMs"> = { lastSentAtMs: null, sentRows: 0, fault: null };
  #waitMs = BUSY_EVERY_MS;

  constructor(options: ShippingOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options.ports;
    while (!signal.aborted) {
      await this.#once();
      const waitMs = this.#waitMs * (0.5 + random.next() / 2);
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  async status(): Promise<ShippingStatus> {
    const { state, peer, ports } = this.#options;
    const store = state();
    const oldestMs = store && (await oldestWaitingMs(store, peer.name));
    const lagMs = oldestMs === undefined ? 0 : Math.max(0, ports.clock.now() - oldestMs);
    return { lagMs, ...this.#status };
  }

  async #once(): Promise<void> {
    const { state, peer, ports, onLag } = this.#options;
    const store = state();
    if (store === undefined) return;
    try {
      const { rows, lagMs } = await ship(store, peer, ports.clock);
      const sentRows = this.#status.sentRows + rows;
      this.#status = { lastSentAtMs: ports.clock.now(), sentRows, fault: null };
      this.#waitMs = rows > 0 ? BUSY_EVERY_MS : Math.min(IDLE_EVERY_MS, this.#waitMs * 2);
      if (rows > 0) onLag(lagMs);
    } catch (thrown) {
      this.#failed(toFault(thrown, "unavailable"));
      const { lagMs } = await this.status().catch(() => ({ lagMs: 0 }));
      if (lagMs > 0) onLag(lagMs);
    }
  }

  #failed({ code, retryAfterMs }: Fault): void {
    this.#status = { ...this.#status, fault: code };
    this.#waitMs = retryAfterMs ?? Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
  }
}
