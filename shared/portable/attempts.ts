import { type Code, Fault, toFault } from "#shared/errors";
import { backoff, type Ports } from "#shared/function";

/** What of a driver names and sorts its errors. */
type Classifier = { readonly name: string; codeOf(error: unknown): Code | undefined };

const MAX_ATTEMPTS = 4;

/**
 * Calls of a driver on behalf of an invocation: errors become Faults from `platform`, what may be repeated is repeated
 * a few times with full jitter, and nothing goes on when the invocation has ended.
 */
export class Attempts {
  readonly #driver: Classifier;
  readonly #ports: Pick<Ports, "clock" | "random">;
  readonly #signal: AbortSignal;

  constructor(driver: Classifier, ports: Pick<Ports, "clock" | "random">, signal: AbortSignal) {
    this.#driver = driver;
    this.#ports = ports;
    this.#signal = signal;
  }

  /**
   * Runs a call until it succeeds, fails for good or the attempts are used up. A write gives `resolve`, which is asked
   * after each failure that may have come after the commit: it gives the outcome, `undefined` when the write is known
   * not to have happened, or throws {@link unknownOutcome}.
   */
  async run<T>(attempt: () => Promise<T>, resolve?: () => Promise<T | undefined>): Promise<T> {
    for (let count = 1; ; count += 1) {
      // Outside the try: what was not sent leaves no doubt.
      if (this.#signal.aborted) throw this.#classify(this.#signal.reason);
      try {
        return await attempt();
      } catch (thrown) {
        const fault = this.#classify(thrown);
        if (!fault.retryable || isUnknownOutcome(fault)) throw fault;
        const settled = mayHaveHappened(fault) ? await resolve?.() : undefined;
        if (settled !== undefined) return settled;
        if (count === MAX_ATTEMPTS) throw fault;
        await this.backoff(count).catch((error: unknown) => {
          throw this.#classify(error);
        });
      }
    }
  }

  /** Waits as {@link backoff} does; rejects when the invocation ends. */
  backoff(attempt: number, firstMs?: number): Promise<void> {
    return backoff(this.#ports, attempt, this.#signal, firstMs);
  }

  #classify(thrown: unknown): Fault {
    if (this.#signal.aborted) return toFault(this.#signal.reason, "cancelled");
    const init = { origin: "platform", details: { driver: this.#driver.name } } as const;
    return toFault(thrown, this.#driver.codeOf(thrown) ?? "internal", init);
  }
}

/** What a write throws that broke off and can no longer be told from another's. */
export function unknownOutcome(message: string): Fault {
  const details = { outcome: "unknown" };
  return new Fault("unavailable", message, { origin: "platform", details });
}

function isUnknownOutcome(fault: Fault): boolean {
  return fault.details["outcome"] === "unknown";
}

/** A throttled or refused write did not happen; one that broke off may have. */
function mayHaveHappened(fault: Fault): boolean {
  return fault.code === "unavailable" || fault.code === "deadline_exceeded";
}
