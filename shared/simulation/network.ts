import { Fault } from "#shared/errors";
import type { Life } from "./simulated-node.ts";
import type { Simulation } from "./simulation.ts";

/** What a call can reach: a node, or a service that is always up. */
export type Endpoint = { readonly name: string; readonly isUp: boolean };

export type NetworkOptions = {
  /** How long one way takes, at least and at most. */
  readonly latencyMs: readonly [least: number, most: number];
  /** The share of messages that never arrive, each way. */
  readonly loss?: number;
  /** The share of requests that arrive twice. */
  readonly duplicated?: number;
  /** After this time the caller gives up. */
  readonly timeoutMs: number;
};

/** Between the nodes: slow, lossy, and cut where a partition runs. */
export class Network {
  readonly #simulation: Simulation;
  readonly #options: NetworkOptions;
  readonly #cut = new Set<string>();
  #isCalm = false;

  constructor(simulation: Simulation, options: NetworkOptions) {
    this.#simulation = simulation;
    this.#options = options;
  }

  /** Nothing gets from one to the other any more, nor back. */
  cut(a: string, b: string): void {
    this.#simulation.count("partitions");
    this.#simulation.note(() => `the network between ${a} and ${b} is cut`);
    this.#cut.add(linkOf(a, b));
  }

  mend(a: string, b: string): void {
    this.#simulation.note(() => `the network between ${a} and ${b} is mended`);
    this.#cut.delete(linkOf(a, b));
  }

  /** Mends everything, and loses and doubles nothing from now on. */
  heal(): void {
    this.#simulation.note(() => "the network is whole again");
    this.#cut.clear();
    this.#isCalm = true;
  }

  /**
   * Does the work at another place and brings back what comes of it. Rejects with `unavailable` when nothing listens
   * there, and with `deadline_exceeded` when no answer came: then the work may have been done, or may still be.
   */
  call<T>(from: Life, to: Endpoint, work: () => Promise<T>, timeoutMs?: number): Promise<T> {
    const simulation = this.#simulation;
    return new Promise((resolve, reject) => {
      const giveUp = simulation.after(timeoutMs ?? this.#options.timeoutMs, () => {
        simulation.count("timeouts");
        from.resume(() => reject(new Fault("deadline_exceeded", "network.call: no answer came")));
      });
      const answer = (give: () => void): void =>
        this.#send(to.name, from.node.name, () => {
          giveUp();
          from.resume(give);
        });
      const arrive = (): void => {
        if (!to.isUp) {
          return answer(() => reject(new Fault("unavailable", "network.call: nothing listens")));
        }
        work().then(
          (value) => answer(() => resolve(value)),
          (thrown: unknown) => answer(() => reject(thrown instanceof Error ? thrown : new Error())),
        );
      };
      this.#send(from.node.name, to.name, arrive);
      if (this.#isCalm || !simulation.chance(this.#options.duplicated ?? 0)) return;
      simulation.count("duplicates");
      this.#send(from.node.name, to.name, () => void (to.isUp && work().catch(() => undefined)));
    });
  }

  #send(from: string, to: string, arrive: () => void): void {
    const { latencyMs, loss = 0 } = this.#options;
    const link = linkOf(from, to);
    const isLost = !this.#isCalm && this.#simulation.chance(loss);
    if (isLost || this.#cut.has(link)) {
      this.#simulation.count("lost messages");
      return;
    }
    this.#simulation.after(this.#simulation.between(...latencyMs), () => {
      if (!this.#cut.has(link)) arrive();
    });
  }
}

function linkOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
