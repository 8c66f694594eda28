export { fingerprint } from "./fingerprint.ts";
export {
  IdempotencyRow,
  idempotencyRows,
  type IdempotencyStore,
  isOutcomeUnknown,
  type Job,
  once,
  type Outcome,
} from "./once.ts";
