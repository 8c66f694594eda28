import { Fault, toFault } from "#shared/errors";
import { backoff, type Clock, type Random } from "#shared/function";

/** One attempt at a call. */
export type FailoverAttempt = {
  /** The same in every attempt of a call, on whichever target. */
  readonly key: string;
  /** From 1. */
  readonly number: number;
  /** By the caller's clock; what comes later is of no use. */
  readonly deadlineMs: number;
  /** Aborts when the call is decided. */
  readonly signal: AbortSignal;
};

/** A place where the call can be made, such as a function on one cloud. */
export type FailoverTarget<T> = {
  readonly name: string;
  /** Whether a key's work is done once there, however often and on whichever target it is asked for. */
  readonly isIdempotent: boolean;
  call(attempt: FailoverAttempt): Promise<T>;
};

export type FailoverOptions = {
  /** Given by who began the chain of calls; a fresh one where it is left out. */
  readonly key?: string | undefined;
  /**
   * Epoch milliseconds. No further off than a callee may run (`limits.timeoutSeconds`): so long it keeps the key of a
   * run that broke off.
   */
  readonly deadlineMs: number;
  /** After so long without an answer the next target is asked as well; a small figure hedges, none never does. */
  readonly patienceMs?: number | undefined;
  /** Asked before an attempt beside one that is still open; `false` goes on waiting. Without it none is refused. */
  readonly hedge?: () => boolean;
  readonly maxAttempts: number;
  /** Asks the budget for each attempt after the first; `false` refuses it. */
  readonly reserve?: () => boolean;
};

export type FailoverAnswer<T> = {
  readonly value: T;
  readonly target: string;
  readonly key: string;
  readonly attempts: number;
};

/**
 * Calls the first target, and the others in turn until one answers. A timeout is no failure: the attempt stays open
 * while the next target is asked, under the key that was there before the first attempt, and the first answer counts.
 * A target that is not idempotent is never asked again, nor another after it, while an attempt may have had its effect.
 *
 * Throws what no other target can mend at once; `deadline_exceeded` at the deadline, and otherwise the last attempt's
 * failure. Where the effect may have taken place the detail `outcome` is "unknown".
 */
export async function callWithFailover<T>(
  targets: readonly [FailoverTarget<T>, ...FailoverTarget<T>[]],
  options: FailoverOptions,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<FailoverAnswer<T>> {
  const over = new AbortController();
  try {
    return await new FailoverCall(targets, options, ports, over.signal).run();
  } finally {
    over.abort();
  }
}

type Settled<T> = { readonly number: number; readonly target: FailoverTarget<T> } & (
  | { readonly value: T }
  | { readonly fault: Fault }
);

const NEVER = new Promise<never>(() => undefined);

class FailoverCall<T> {
  readonly #targets: readonly [FailoverTarget<T>, ...FailoverTarget<T>[]];
  readonly #options: FailoverOptions;
  readonly #ports: { readonly clock: Clock; readonly random: Random };
  readonly #signal: AbortSignal;
  readonly #key: string;
  readonly #open = new Map<number, Promise<Settled<T>>>();
  #begun = 0;
  #isDoubtful = false;

  constructor(
    targets: readonly [FailoverTarget<T>, ...FailoverTarget<T>[]],
    options: FailoverOptions,
    ports: { readonly clock: Clock; readonly random: Random },
    signal: AbortSignal,
  ) {
    this.#targets = targets;
    this.#options = options;
    this.#ports = ports;
    this.#signal = signal;
    this.#key = options.key ?? ports.random.uuid();
  }

  async run(): Promise<FailoverAnswer<T>> {
    const { deadlineMs, maxAttempts } = this.#options;
    const deadline = this.#wait(deadlineMs - this.#ports.clock.now(), "deadline");
    this.#begin();
    let patience = this.#patience();
    for (;;) {
      const event = await Promise.race([...this.#open.values(), patience, deadline]);
      if (event === "deadline") throw this.#late();
      if (event === "patience") {
        if (this.#isSafe() && this.#mayHedge() && this.#mayBegin()) this.#begin();
        patience = this.#patience();
        continue;
      }
      this.#open.delete(event.number);
      if ("value" in event) return this.#answer(event);
      this.#judge(event);
      if (this.#open.size > 0) continue;
      if (this.#begun >= maxAttempts) throw this.#final(event.fault);
      const pause = this.#pause(event.fault).then(() => "paused" as const);
      if ((await Promise.race([pause, deadline])) === "deadline") throw this.#late();
      if (!this.#mayBegin()) throw this.#final(event.fault);
      this.#begin();
      patience = this.#patience();
    }
  }

  #begin(): void {
    const target = this.#targets[this.#begun % this.#targets.length] ?? this.#targets[0];
    this.#begun += 1;
    const number = this.#begun;
    const { deadlineMs } = this.#options;
    const attempt = { key: this.#key, number, deadlineMs, signal: this.#signal };
    const settled = target.call(attempt).then(
      (value): Settled<T> => ({ number, target, value }),
      (thrown: unknown): Settled<T> => ({ number, target, fault: toFault(thrown, "unavailable") }),
    );
    this.#open.set(number, settled);
  }

  #mayBegin(): boolean {
    const { maxAttempts, reserve } = this.#options;
    return this.#begun < maxAttempts && (reserve?.() ?? true);
  }

  #mayHedge(): boolean {
    return this.#options.hedge?.() ?? true;
  }

  /** Whether an attempt beside those that are open can do no harm. */
  #isSafe(): boolean {
    return this.#targets.every(({ isIdempotent }) => isIdempotent);
  }

  /** Throws what is final. */
  #judge({ fault }: { readonly fault: Fault }): void {
    this.#isDoubtful ||= mayHaveHappened(fault);
    const isFinal = !fault.retryable && fault.code !== "internal";
    if (isFinal || (this.#isDoubtful && !this.#isSafe())) throw this.#final(fault);
  }

  /** Another target is asked at once; each again only after a while, or when who works on the key should have ended. */
  async #pause(fault: Fault): Promise<void> {
    if (fault.code === "aborted" && fault.retryAfterMs !== undefined) {
      await this.#wait(fault.retryAfterMs, "paused");
    } else if (this.#begun >= this.#targets.length) {
      await backoff(this.#ports, this.#begun, this.#signal).catch(() => undefined);
    }
  }

  #answer({
    value,
    target,
  }: {
    readonly value: T;
    readonly target: FailoverTarget<T>;
  }): FailoverAnswer<T> {
    return { value, target: target.name, key: this.#key, attempts: this.#begun };
  }

  #patience(): Promise<"patience"> {
    const { patienceMs } = this.#options;
    return patienceMs === undefined ? NEVER : this.#wait(patienceMs, "patience");
  }

  /** Once the call is decided nobody looks at a wait any more. */
  #wait<E extends string>(milliseconds: number, event: E): Promise<E> {
    const waited = this.#ports.clock.sleep(Math.max(0, milliseconds), this.#signal);
    return waited.then(
      () => event,
      () => event,
    );
  }

  #late(): Fault {
    this.#isDoubtful ||= this.#open.size > 0;
    return this.#final(
      new Fault(
        "deadline_exceeded",
        "failover.call: no target answered in time; ask again with the same key",
      ),
    );
  }

  #final(fault: Fault): Fault {
    if (!this.#isDoubtful || fault.details["outcome"] === "unknown") return fault;
    const { code, message, origin } = fault;
    const details = { ...fault.details, outcome: "unknown" };
    return new Fault(code, message, { origin, cause: fault, details });
  }
}

/** What was refused had no effect; what broke off may have. */
function mayHaveHappened({ code, details }: Fault): boolean {
  if (details["outcome"] !== undefined) return details["outcome"] === "unknown";
  return code === "unavailable" || code === "deadline_exceeded" || code === "internal";
}
