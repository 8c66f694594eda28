import { Fault } from "#shared/errors";

/** What is kept back for settling, flushing and answering after the handler was given up. */
const RESERVE_MS = 500;

/** The handler's share of an invocation: its own limit, or what the platform leaves, in milliseconds. */
export function budgetMs(timeoutSeconds: number, remainingMs: number): number {
  return Math.max(1, Math.min(timeoutSeconds * 1000, remainingMs - RESERVE_MS));
}

/** What happens around work under a deadline. */
export type DeadlineHooks = {
  /** The deadline came first: aborts what the work is waiting for. */
  readonly onExpire: (fault: Fault) => void;
  /** Runs once, before the result is given; a promise is awaited, and holds the result back even if it rejects. */
  readonly onSettle?: (status: "ok" | "error") => Promise<void> | void;
};

/**
 * Races work with its budget. On the deadline the result rejects with `deadline_exceeded`; what the work still
 * does has no effect on the answer. Chained by hand: under the Functions Framework, whose domains make Node track
 * every promise, each one costs two microseconds, and this is on every path.
 */
export function withDeadline<T>(
  work: () => Promise<T>,
  milliseconds: number,
  { onExpire, onSettle }: DeadlineHooks,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (status: "ok" | "error", give: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      const rest = onSettle?.(status);
      if (rest instanceof Promise) rest.then(give, give);
      else give();
    };
    const fail = (thrown: unknown): void => settle("error", () => reject(thrown));
    const timer = setTimeout(() => {
      const fault = expired(milliseconds);
      onExpire(fault);
      fail(fault);
    }, milliseconds);
    try {
      work().then((value) => settle("ok", () => resolve(value)), fail);
    } catch (thrown) {
      fail(thrown);
    }
  });
}

function expired(milliseconds: number): Fault {
  return new Fault(
    "deadline_exceeded",
    `host.run: the handler did not finish in ${milliseconds} ms; raise limits.timeoutSeconds or do less`,
  );
}
