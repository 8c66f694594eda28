export { disorder } from "./disorder.ts";
export { faultyBlobs } from "./faulty-blobs.ts";
export { faultyQueue, faultyState, type QueueDisorder } from "./faulty-drivers.ts";
export {
  type Call,
  type Faultable,
  type FaultSource,
  type Injected,
  injectFaults,
  type Injection,
  type Operation,
  overlay,
} from "./inject-faults.ts";
export { type Plan, PlannedFaults } from "./planned-faults.ts";
export { type FaultRates, seededFaults, type SeededFaultsOptions } from "./seeded-faults.ts";
