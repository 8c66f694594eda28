export { canonicalJson } from "./canonical-json.ts";
export type {
  StateCondition,
  StateDriver,
  StateKey,
  StateRange,
  StateRow,
  StateTransactResult,
  StateWrite,
  StateWriteResult,
} from "./driver.ts";
export { hybridClock, REVISION } from "./hlc.ts";
export type { ListOptions, Page } from "./list-page.ts";
export { memoryState } from "./memory.ts";
export {
  answering,
  STATE_METHODS,
  type StateCall,
  stateHandlers,
  type StateMethod,
  stateOverCalls,
} from "./over-calls.ts";
export { Rev } from "./rev.ts";
export type { Entry } from "./row-codec.ts";
export { MAX_VALUE_BYTES } from "./row-codec.ts";
export { holds, isExpired, type StatePorts } from "./rows.ts";
export {
  type DeleteResult,
  Store,
  type UpdateOptions,
  type WriteOptions,
  type WriteResult,
} from "./store.ts";
export { type AcrossClouds, openStore, type StateVerb, store, type StoreRef } from "./store-ref.ts";
export type { TransactOp, TransactResult } from "./transact.ts";
export { WireKey } from "./wire.ts";
