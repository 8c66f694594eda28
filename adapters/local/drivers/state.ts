import { Fault } from "#shared/errors";
import type { StateDriver } from "#shared/state";
import * as z from "zod";
import { Row, TransactResult, WriteResult } from "../engine/answers.ts";
import type { Channel } from "../ipc.ts";

const OptionalRow = Row.optional();
const Rows = z.array(Row);

/** State of the engine in the parent process. */
export function localState(channel: Channel): StateDriver {
  return {
    name: "local",
    async read(key, signal) {
      return OptionalRow.parse(await channel.call("state.read", key, signal));
    },
    async write(write, signal) {
      const result = WriteResult.parse(await channel.call("state.write", write, signal));
      return result.ok ? result : { ok: false, current: result.current };
    },
    async transact(writes, signal) {
      return TransactResult.parse(await channel.call("state.transact", writes, signal));
    },
    async list(range, signal) {
      return Rows.parse(await channel.call("state.list", range, signal));
    },
    codeOf: (error) => (Fault.is(error) ? error.code : undefined),
    // Queue and state share the channel; it ends with the process.
    async close() {},
  };
}
