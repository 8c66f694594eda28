export { fingerprint } from "./fingerprint.ts";
export {
  IdempotentCall,
  idempotentCalls,
  type IdempotencyStore,
  isOutcomeUnknown,
  type KeyedCall,
  once,
  type Outcome,
} from "./once.ts";
