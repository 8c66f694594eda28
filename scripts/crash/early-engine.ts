import { setTimeout as sleep } from "node:timers/promises";
import {
  holds,
  type StateDriver,
  type StateKey,
  type StateRow,
  type StateWrite,
} from "#shared/state";
import type { Engine } from "../../adapters/local/engine/engine.ts";

/** How long a write was answered before it is durable. */
const EARLY_MS = 50;

/**
 * An engine with a bug: every write to state and queues is answered at once and made 50 ms later. Readers see the
 * answered writes, so that nothing is wrong until the process dies in between.
 */
export function answerBeforeWrite(engine: Engine): Engine {
  return {
    ...engine,
    state: new EarlyState(engine.state),
    queue(home) {
      const queue = engine.queue(home);
      return {
        ...queue,
        async send(name, messages) {
          void sleep(EARLY_MS).then(() => queue.send(name, messages, undefined));
          return messages.map(() => ({ ok: true }));
        },
      };
    },
    close: () => engine.close(),
  };
}

class EarlyState implements StateDriver {
  readonly name = "early";
  readonly #state: StateDriver;
  /** Answered and not yet written; `undefined` is a deleted row. */
  readonly #answered = new Map<string, { readonly row: StateRow | undefined }>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(state: StateDriver) {
    this.#state = state;
  }

  async read(key: StateKey): Promise<StateRow | undefined> {
    const answered = this.#answered.get(address(key));
    return answered === undefined ? this.#state.read(key, undefined) : answered.row;
  }

  write(write: StateWrite): ReturnType<StateDriver["write"]> {
    // One after the other, as the engine's own writer has it.
    const written = this.#turn.then(() => this.#write(write));
    this.#turn = written.catch(() => undefined);
    return written;
  }

  transact: StateDriver["transact"] = (writes, signal) => this.#state.transact(writes, signal);
  list: StateDriver["list"] = (range, signal) => this.#state.list(range, signal);
  codeOf: StateDriver["codeOf"] = (error) => this.#state.codeOf(error);
  close: StateDriver["close"] = () => this.#state.close();

  async #write(write: StateWrite): ReturnType<StateDriver["write"]> {
    const current = await this.read(write.key);
    if (!holds(write.condition, current)) return { ok: false, current };
    const answered = { row: rowOf(write) };
    const at = address(write.key);
    this.#answered.set(at, answered);
    void sleep(EARLY_MS).then(async () => {
      await this.#state.write({ ...write, condition: { kind: "any" } }, undefined);
      if (this.#answered.get(at) === answered) this.#answered.delete(at);
    });
    return { ok: true, handle: answered.row?.handle ?? "" };
  }
}

function rowOf(write: StateWrite): StateRow | undefined {
  if (write.kind === "delete") return undefined;
  const { key, data, rev, expiresAtSeconds } = write;
  return { key, data, rev, expiresAtSeconds, handle: rev };
}

function address({ store, partition, sort }: StateKey): string {
  return JSON.stringify([store, partition, sort]);
}
