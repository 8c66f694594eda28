import { EventEmitter } from "node:events";
import type { LiveEvent } from "#shared/console";

/** What happens right now, for everyone who watches `GET /v1/events`. */
export class LiveFeed {
  readonly #emitter = new EventEmitter();

  constructor() {
    // One listener per open console; there is no sensible bound to warn at.
    this.#emitter.setMaxListeners(0);
  }

  publish(event: LiveEvent): void {
    this.#emitter.emit("live", event);
  }

  /** Calls `listener` for every event from now on; the result stops it. */
  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#emitter.on("live", listener);
    return () => this.#emitter.off("live", listener);
  }
}
