import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#shared/function";
import { call, type ProductClient } from "../demo/product-client.ts";
import type { PlannedEvent } from "./workload.ts";

const RUNTIMES = ["aws", "azure", "gcp"];
/** The share of accepted deliveries that are sent once more, as GitHub's own retries do. */
const DUPLICATES = 0.1;

export type SenderOptions = {
  readonly client: ProductClient;
  readonly events: Iterator<PlannedEvent, never>;
  readonly random: Random;
  readonly senders: number;
  readonly eventsPerSecond: number;
};

/** GitHub: sends events concurrently and sends those again that were not answered by 202, until they are. */
export class Senders {
  /** Events that the product answered for. */
  readonly accepted: PlannedEvent[] = [];
  duplicates = 0;
  /** Answers that were neither 202 nor a sign of being down. */
  readonly refused: string[] = [];
  readonly #options: SenderOptions;
  readonly #unanswered: PlannedEvent[] = [];
  #stopping = false;
  #sent = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends until told to finish, and then until nothing is left unanswered. */
  async run(): Promise<void> {
    const { senders } = this.#options;
    await Promise.all(Array.from({ length: senders }, () => this.#sendOn()));
  }

  /** No new events from here on. */
  finish(): void {
    this.#stopping = true;
  }

  async #sendOn(): Promise<void> {
    const { senders, eventsPerSecond, random, events } = this.#options;
    for (;;) {
      const again = this.#unanswered.shift();
      if (again === undefined && this.#stopping) return;
      const event = again ?? events.next().value;
      if (await this.#send(event)) {
        this.accepted.push(event);
        if (random.next() < DUPLICATES && (await this.#send(event))) this.duplicates += 1;
      } else {
        this.#unanswered.push(event);
      }
      await sleep((2 * random.next() * senders * 1000) / eventsPerSecond);
    }
  }

  async #send({ delivery }: PlannedEvent): Promise<boolean> {
    const target = RUNTIMES[this.#sent++ % RUNTIMES.length] ?? "aws";
    const headers = { ...delivery.headers, "x-auterity-target": target };
    const request = { headers, body: delivery.body };
    try {
      const path = "/v1/webhooks/github-actions/default";
      const { status } = await call(this.#options.client, "POST", path, request);
      if (status !== 202 && status < 500) this.refused.push(`${delivery.event}: ${status}`);
      return status === 202;
    } catch {
      // Killed, or not up yet.
      return false;
    }
  }
}
