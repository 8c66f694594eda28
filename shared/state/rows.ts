import type { ClientScope, Ports } from "#shared/function";
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
  "state.write: the store broke off and the row has changed since, so the outcome is unknown; read it and decide";

/**
 * A driver with bounded retries. Reads are repeated. A write is repeated only once it is known not to have happened;
 * where the store failed after it may have written, the row itself tells: it carries our revision or it does not.
 */
export class Rows {
  readonly #ports: StatePorts;
  readonly #signal: AbortSignal;
  readonly #attempts: Attempts;

  constructor(ports: StatePorts, scope: Pick<ClientScope, "signal">) {
    this.#ports = ports;
    this.#signal = scope.signal;
    this.#attempts = new Attempts(ports.state, ports, scope.signal);
  }

  read(key: StateKey): Promise<StateRow | undefined> {
    return this.#attempts.run(() => this.#ports.state.read(key, this.#signal));
  }

  list(range: StateRange): Promise<readonly StateRow[]> {
    return this.#attempts.run(() => this.#ports.state.list(range, this.#signal));
  }

  /** As the driver's, and throws `unavailable` when it cannot be told whether the write happened. */
  async write(write: StateWrite): Promise<StateWriteResult> {
    let doubtful = false;
    const attempt = async (): Promise<StateWriteResult> => {
      const result = await this.#ports.state.write(write, this.#signal);
      if (result.ok) return result;
      const own = ownHandle(write, result.current);
      if (own !== undefined) return { ok: true, handle: own };
      if (doubtful) throw unknownOutcome(UNKNOWN);
      return result;
    };
    return this.#attempts.run(attempt, async () => {
      doubtful = true;
      const row = await this.read(write.key);
      const own = ownHandle(write, row);
      if (own !== undefined) return { ok: true, handle: own };
      if (!mayRepeat(write, row)) throw unknownOutcome(UNKNOWN);
      return undefined;
    });
  }

  /** As the driver's, and throws `unavailable` when it cannot be told whether the writes happened. */
  async transact(writes: readonly StateWrite[]): Promise<StateTransactResult> {
    const witness = writes.find(({ kind }) => kind === "put") ?? writes[0];
    if (witness === undefined) return { ok: true, handles: [] };
    let doubtful = false;
    const resolve = async (): Promise<StateTransactResult | undefined> => {
      doubtful = true;
      const row = await this.read(witness.key);
      if (ownHandle(witness, row) !== undefined) return this.#committed(writes);
      if (!mayRepeat(witness, row)) throw unknownOutcome(UNKNOWN);
      return undefined;
    };
    const attempt = async (): Promise<StateTransactResult> => {
      const result = await this.#ports.state.transact(writes, this.#signal);
      if (result.ok || !doubtful) return result;
      const late = await resolve();
      if (late !== undefined) return late;
      throw unknownOutcome(UNKNOWN);
    };
    return this.#attempts.run(attempt, resolve);
  }

  /** Waits a random part of a time that doubles with each attempt; rejects when the invocation ends. */
  backoff(attempt: number, firstMs?: number): Promise<void> {
    return this.#attempts.backoff(attempt, firstMs);
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

function ownHandle(write: StateWrite, row: StateRow | undefined): string | undefined {
  return write.kind === "put" && row?.rev === write.rev ? row.handle : undefined;
}

/** Whether the row is still such that the write cannot have happened, or may happen twice. */
function mayRepeat(write: StateWrite, row: StateRow | undefined): boolean {
  if (write.condition.kind !== "any") return holds(write.condition, row);
  return write.kind === "delete" || row === undefined || row.rev < write.rev;
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
