import { Fault } from "#shared/errors";

/** What is kept back for settling, flushing and answering after the handler was given up. */
const RESERVE_MS = 500;

/** The handler's share of an invocation: its own limit, or what the platform leaves, in milliseconds. */
export function budgetMs(timeoutSeconds: number, remainingMs: number): number {
  return Math.max(1, Math.min(timeoutSeconds * 1000, remainingMs - RESERVE_MS));
}

/**
 * Races work with its budget. On the deadline `onExpire` runs first (it aborts the invocation's signal), then
 * the result rejects with `deadline_exceeded`; what the work still does has no effect on the answer.
 */
export function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  onExpire: (fault: Fault) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const fault = new Fault(
        "deadline_exceeded",
        `host.run: the handler did not finish in ${milliseconds} ms; raise limits.timeoutSeconds or do less`,
      );
      onExpire(fault);
      reject(fault);
    }, milliseconds);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (thrown: unknown) => {
        clearTimeout(timer);
        reject(thrown);
      },
    );
  });
}
