import { type Code, Fault, toFault } from "#shared/errors";
import { backoff, type ClientScope, type Ports } from "#shared/function";
import type { ModelDriver } from "./driver.ts";

const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;
/** A vendor that asks for more is answered by giving up: the caller's queue waits at no cost. */
const LONGEST_WAIT_MS = 20_000;
/** A time-out is none of these: the same work would take as long again, and be billed again. */
const REPEATED: ReadonlySet<Code> = new Set<Code>(["resource_exhausted", "unavailable"]);

/**
 * Calls of a driver on behalf of an invocation: repeated a few times with full jitter and never before the vendor's own
 * time. Faults are from `platform`; they name the driver and the vendor's error, and quote nothing of what was sent or
 * answered.
 */
export class ModelAttempts {
  readonly #driver: ModelDriver;
  readonly #ports: Pick<Ports, "clock" | "random">;
  readonly #signal: AbortSignal;

  constructor(
    driver: ModelDriver,
    ports: Pick<Ports, "clock" | "random">,
    { signal }: Pick<ClientScope, "signal">,
  ) {
    this.#driver = driver;
    this.#ports = ports;
    this.#signal = signal;
  }

  async run<T>(
    operation: "chat" | "embed",
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    for (let count = 1; ; count += 1) {
      if (this.#signal.aborted) throw this.fault(operation, this.#signal.reason);
      try {
        return await attempt(this.#signal);
      } catch (thrown) {
        const fault = this.fault(operation, thrown);
        const { retryAfterMs = 0 } = fault;
        if (!REPEATED.has(fault.code) || count === MAX_ATTEMPTS || retryAfterMs > LONGEST_WAIT_MS)
          throw fault;
        await this.#wait(count, retryAfterMs).catch((error: unknown) => {
          throw this.fault(operation, error);
        });
      }
    }
  }

  /** Anything that was thrown, as a Fault without payload. */
  fault(operation: string, thrown: unknown, details: Fault["details"] = {}): Fault {
    if (this.#signal.aborted) return toFault(this.#signal.reason, "cancelled");
    const driver = this.#driver;
    const code = (Fault.is(thrown) ? thrown.code : driver.codeOf(thrown)) ?? "internal";
    const named = thrown instanceof Error && !Fault.is(thrown) ? thrown.name : code;
    const reason = named.replaceAll(/[^\w.-]/g, "").slice(0, 80);
    const retryAfterMs = driver.retryAfterMsOf(thrown, this.#ports.clock.now());
    return new Fault(
      code,
      `models.${operation}: ${driver.name} failed (${reason}); ${remedyOf(code)}`,
      {
        origin: "platform",
        details: { driver: driver.name, reason, ...details },
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
    );
  }

  async #wait(attemptsMade: number, leastMs: number): Promise<void> {
    if (leastMs > 0) await this.#ports.clock.sleep(leastMs, this.#signal);
    await backoff(this.#ports, attemptsMade, this.#signal, FIRST_WAIT_MS);
  }
}

function remedyOf(code: Code): string {
  if (code === "too_large") return "send less, or use a model with a larger context";
  if (code === "failed_precondition") return "the vendor refuses such content";
  if (code === "unauthenticated" || code === "permission_denied")
    return "check the credentials and access to the model";
  return code === "not_found" ? "check the model's name and region" : "try again later";
}
