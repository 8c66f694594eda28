import { type StateDriver, stateOverCalls } from "#shared/state";
import type { Channel } from "../ipc.ts";

/** State of the engine in the parent process. */
export function localState(channel: Channel): StateDriver {
  return stateOverCalls("local", (method, params, signal) => channel.call(method, params, signal));
}
