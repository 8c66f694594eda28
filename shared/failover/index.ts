export {
  callWithFailover,
  type FailoverAnswer,
  type FailoverAttempt,
  type FailoverOptions,
  type FailoverTarget,
} from "./call-with-failover.ts";
export { HedgeAllowance } from "./hedging.ts";
