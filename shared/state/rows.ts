import { type ClientScope, noteUse, type Ports, type Use } from "#shared/function";
import { Attempts, unknownOutcome } from "#shared/portable";
import type {
  StateCondition,
  StateKey,
  StateRange,
  StateRow,
  StateTransactResult,
  StateWrite,
  StateWriteResult,
} from "./driver.ts";

export type StatePorts = Pick<Ports, "state" | "clock" | "random">;

const UNKNOWN =
  "state.write: the store broke off and its rows do not tell whether the write happened; read them and decide";

/**
 * A driver with bounded retries. Reads are repeated. Where the store broke off and a write may have happened, or may
 * still be on its way, the rows tell: one that carries our revision proves that it happened; one that is still what the
 * write was conditional on proves that it did not, and cannot happen after a repeat has. Anything else is unknown:
 * between the failure and our look others may have deleted or replaced what we wrote.
 */
export class Rows {
  readonly #ports: StatePorts;
  readonly #signal: AbortSignal;
  readonly #attempts: Attempts;
  readonly #used: Use[] | undefined;

  constructor(ports: StatePorts, scope: Pick<ClientScope, "signal" | "used">) {
    this.#ports = ports;
    this.#used = scope.used;
    this.#signal = scope.signal;
    this.#attempts = new Attempts(ports.state, ports, scope.signal);
  }

  read(key: StateKey): Promise<StateRow | undefined> {
    return this.#attempts.run(async () => {
      const row = await this.#ports.state.read(key, this.#signal);
      this.#note("stateRead", row === undefined ? [] : [row]);
      return row;
    });
  }

  list(range: StateRange): Promise<readonly StateRow[]> {
    return this.#attempts.run(async () => {
      const rows = await this.#ports.state.list(range, this.#signal);
      this.#note("stateRead", rows);
      return rows;
    });
  }

  /** As the driver's, and throws `unavailable` when it cannot be told whether the write happened. */
  async write(write: StateWrite): Promise<StateWriteResult> {
    return this.#settle<StateWriteResult>({
      attempt: async () => {
        const result = await this.#ports.state.write(write, this.#signal);
        this.#noteWrite(write);
        const handle = result.ok ? undefined : ownHandle(write, result.current);
        return handle === undefined ? result : { ok: true, handle };
      },
      committed: async () => {
        const row = await this.read(write.key);
        const handle = ownHandle(write, row);
        if (handle !== undefined) return { ok: true, handle };
        return isUntouched(write, row) ? undefined : "unknown";
      },
    });
  }

  /** As the driver's, and throws `unavailable` when it cannot be told whether the writes happened. */
  async transact(writes: readonly StateWrite[]): Promise<StateTransactResult> {
    if (writes.length === 0) return { ok: true, handles: [] };
    const put = writes.find(({ kind }) => kind === "put");
    const conditional = writes.find(({ condition }) => condition.kind === "handle");
    return this.#settle<StateTransactResult>({
      attempt: async () => {
        const result = await this.#ports.state.transact(writes, this.#signal);
        for (const write of writes) this.#noteWrite(write, true);
        return result;
      },
      committed: async () => {
        if (put !== undefined && ownHandle(put, await this.read(put.key)) !== undefined) {
          return this.#committed(writes);
        }
        if (conditional === undefined) return "unknown";
        const isFree = isUntouched(conditional, await this.read(conditional.key));
        return isFree ? undefined : "unknown";
      },
    });
  }

  /** Waits a random part of a time that doubles with each attempt; rejects when the invocation ends. */
  backoff(attempt: number, firstMs?: number): Promise<void> {
    return this.#attempts.backoff(attempt, firstMs);
  }

  /**
   * Repeats a write while `committed` proves that it has not happened (`undefined`), and gives what it proves to have
   * happened. A refusal is final only if no attempt before it is in doubt.
   */
  async #settle<R extends { readonly ok: boolean }>(write: DoubtfulWrite<R>): Promise<R> {
    let isSent = false;
    let isDoubtful = false;
    const look = async (): Promise<R | undefined> => {
      const found = await write.committed();
      if (found === "unknown") throw unknownOutcome(UNKNOWN);
      return found;
    };
    const attempt = async (): Promise<R> => {
      isSent = true;
      const result = await write.attempt();
      if (result.ok || !isDoubtful) return result;
      const found = await look();
      if (found !== undefined) return found;
      throw unknownOutcome(UNKNOWN);
    };
    const resolve = async (): Promise<R | undefined> => {
      isDoubtful = isSent;
      return isSent ? look() : undefined;
    };
    try {
      return await this.#attempts.run(attempt, resolve);
    } catch (thrown) {
      // What was given up on may still be on its way, whatever the last attempt failed of.
      throw isDoubtful && !this.#signal.aborted ? unknownOutcome(UNKNOWN) : thrown;
    }
  }

  #noteWrite(write: StateWrite, isTransaction?: boolean): void {
    const isPut = write.kind === "put";
    this.#note(isPut ? "stateWrite" : "stateDelete", isPut ? [write] : [], isTransaction);
  }

  /** A store bills what it answered, a refusal included. */
  #note(
    operation: "stateRead" | "stateWrite" | "stateDelete",
    rows: readonly { readonly key: StateKey; readonly data: string }[],
    isTransaction?: boolean,
  ): void {
    // Every store counts the value and its key.
    const sizeBytes = rows.reduce(
      (sum, { key, data }) =>
        sum + Buffer.byteLength(data) + key.partition.length + key.sort.length,
      0,
    );
    noteUse(this.#used, operation, this.#ports.state, sizeBytes, rows.length, isTransaction);
  }

  async #committed(writes: readonly StateWrite[]): Promise<StateTransactResult> {
    const rows = await Promise.all(writes.map(({ key }) => this.read(key)));
    // A row that somebody has overwritten since keeps our revision as its handle, which no longer matches anything.
    const handles = writes.map((write, index) =>
      write.kind === "put" ? (ownHandle(write, rows[index]) ?? write.rev) : "",
    );
    return { ok: true, handles };
  }
}

type DoubtfulWrite<R> = {
  readonly attempt: () => Promise<R>;
  /** Asks the rows. */
  readonly committed: () => Promise<R | undefined | "unknown">;
};

/**
 * The handle of the row, if it is what the write was to leave. The revision alone does not prove it: two clocks whose
 * node ids came out the same give equal readings, and so may stand for another's row, or for another's deletion.
 */
function ownHandle(write: StateWrite, row: StateRow | undefined): string | undefined {
  const isOwn = write.kind === "put" && row?.rev === write.rev && row.data === write.data;
  return isOwn ? row.handle : undefined;
}

/** Whether the row is still the very one that the write was to replace. */
function isUntouched({ condition }: StateWrite, row: StateRow | undefined): boolean {
  return condition.kind === "handle" && row?.handle === condition.handle;
}

/** Whether a row meets a condition; what every driver's condition means. */
export function holds(condition: StateCondition, row: StateRow | undefined): boolean {
  if (condition.kind === "handle") return row?.handle === condition.handle;
  if (condition.kind === "any" || row === undefined) return true;
  return isExpired(row, condition.nowSeconds);
}

/** At its very second a row is gone. */
export function isExpired(row: Pick<StateRow, "expiresAtSeconds">, nowSeconds: number): boolean {
  return row.expiresAtSeconds !== null && row.expiresAtSeconds <= nowSeconds;
}
