import type { Code } from "#shared/errors";
import type { StateDriver } from "../driver.ts";

class PlannedFailure extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super("a planned failure");
    this.code = code;
  }
}

type Operation = "read" | "write" | "transact" | "list";

/**
 * Fails the next calls of an operation: before the store has seen them, after it has done them, or `late`: the store
 * does them only when the next write arrives, as a request that was stuck in the network.
 */
export type Plan = {
  readonly operation: Operation;
  readonly code: Code;
  readonly when: "before" | "after" | "late";
  readonly times: number;
  /** What others do before the failure is seen. */
  readonly meanwhile?: () => Promise<unknown>;
};

/** A driver that fails as planned and counts what reached it. For tests of what happens above a driver. */
export type FaultyDriver = StateDriver & {
  plan(plan: Plan): void;
  readonly calls: Record<Operation, number>;
};

/** Wraps a driver. Without a plan it behaves as the driver itself. */
export function faultyDriver(inner: StateDriver): FaultyDriver {
  const calls = { read: 0, write: 0, transact: 0, list: 0 };
  let current: Plan | undefined;
  let stuck: (() => Promise<unknown>) | undefined;
  const isDue = (operation: Operation, when: Plan["when"]): boolean =>
    current?.operation === operation && current.when === when && current.times > 0;
  const fail = async (operation: Operation, when: Plan["when"]): Promise<void> => {
    if (current === undefined || !isDue(operation, when)) return;
    current = { ...current, times: current.times - 1 };
    const { code, meanwhile } = current;
    await meanwhile?.();
    throw new PlannedFailure(code);
  };
  const pass = async <T>(operation: Operation, run: () => Promise<T>): Promise<T> => {
    calls[operation] += 1;
    await fail(operation, "before");
    if (isDue(operation, "late")) stuck = run;
    await fail(operation, "late");
    if (operation === "write" || operation === "transact") await arrive();
    const result = await run();
    await fail(operation, "after");
    return result;
  };
  const arrive = async (): Promise<void> => {
    const arriving = stuck;
    stuck = undefined;
    await arriving?.();
  };
  return {
    name: inner.name,
    calls,
    plan: (plan) => void (current = plan),
    read: (key, signal) => pass("read", () => inner.read(key, signal)),
    write: (write, signal) => pass("write", () => inner.write(write, signal)),
    transact: (writes, signal) => pass("transact", () => inner.transact(writes, signal)),
    list: (range, signal) => pass("list", () => inner.list(range, signal)),
    codeOf: (error) => (error instanceof PlannedFailure ? error.code : inner.codeOf(error)),
    close: () => inner.close(),
  };
}
