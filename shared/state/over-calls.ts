import { Fault, toFault } from "#shared/errors";
import * as z from "zod";
import type { StateDriver } from "./driver.ts";
import {
  WireKey,
  WireRange,
  WireRow,
  WireTransaction,
  WireTransactResult,
  WireWrite,
  WireWriteResult,
} from "./wire.ts";

/** Brings a call to another process and its outcome back. Throws Faults only. */
export type StateCall = (
  method: StateMethod,
  params: unknown,
  signal: AbortSignal | undefined,
) => Promise<unknown>;

export type StateMethod = (typeof STATE_METHODS)[number];
export const STATE_METHODS = ["state.read", "state.write", "state.transact", "state.list"] as const;

const OptionalRow = WireRow.optional();
const Rows = z.array(WireRow);

/** A driver whose store another process has. Throws what the call throws; a result of another shape is refused. */
export function stateOverCalls(name: string, call: StateCall): StateDriver {
  return {
    name,
    async read(key, signal) {
      return OptionalRow.parse(await call("state.read", key, signal));
    },
    async write(write, signal) {
      const result = WireWriteResult.parse(await call("state.write", write, signal));
      return result.ok ? result : { ok: false, current: result.current };
    },
    async transact(writes, signal) {
      return WireTransactResult.parse(await call("state.transact", writes, signal));
    },
    async list(range, signal) {
      return Rows.parse(await call("state.list", range, signal));
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    // What carries the calls is its owner's to close.
    async close() {},
  };
}

/**
 * The other side: what answers these calls for a driver. Throws `invalid_argument` for parameters of another shape, and
 * the driver's errors as Faults from `platform`.
 */
export function stateHandlers(
  driver: StateDriver,
): Readonly<Record<StateMethod, (params: unknown) => Promise<unknown>>> {
  return {
    "state.read": answering(WireKey, driver, (key) => driver.read(key, undefined)),
    "state.write": answering(WireWrite, driver, (write) => driver.write(write, undefined)),
    "state.transact": answering(WireTransaction, driver, (writes) =>
      driver.transact(writes, undefined),
    ),
    "state.list": answering(WireRange, driver, ({ to, after, ...range }) =>
      driver.list({ ...range, to, after }, undefined),
    ),
  };
}

/** A handler that runs only what fits the schema, and whose errors can cross to the other process. */
export function answering<S extends z.ZodType>(
  schema: S,
  driver: Pick<StateDriver, "codeOf">,
  run: (params: z.output<S>) => Promise<unknown>,
): (params: unknown) => Promise<unknown> {
  return async (params) => {
    const parsed = schema.safeParse(params);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join(".") || "call";
      throw new Fault("invalid_argument", `calls.serve: ${field} does not fit the protocol`);
    }
    try {
      return await run(parsed.data);
    } catch (thrown) {
      throw toFault(thrown, driver.codeOf(thrown) ?? "internal", { origin: "platform" });
    }
  };
}
