export { catchUp } from "./catch-up.ts";
export { FakeClock } from "./fake-clock.ts";
export { type Cell, type Outcome, type Subject } from "./outcomes.ts";
export {
  type AddRule,
  collectRules,
  conformanceSuite,
  type Exceptions,
  judge,
  type Rule,
} from "./rules.ts";
export { type LateServer, lateServer } from "./late-server.ts";
export { type Mutant, mutantSuite } from "./mutants.ts";
export { type Scripted, scriptedApi, type ScriptedApi, type Sent } from "./scripted-api.ts";
export { seededRandom } from "./seeded-random.ts";
export {
  memoryPorts,
  type MemoryPorts,
  type MemoryPortsOptions,
  memoryToken,
} from "./memory-ports.ts";
export { freePort, listen, type TestServer } from "./listen.ts";
export {
  type Replayed,
  type ReplayServer,
  replayServer,
  type SeenRequest,
} from "./replay-server.ts";
export { type RawCall, type RawVendor, rawVendor } from "./raw-vendor.ts";
export { socketPorts } from "./socket-ports.ts";
export { type DriverBundle, driverBundleConformance } from "./driver-bundle.ts";
export { EngineMissing, type TestEngine, withEngine } from "./with-engine.ts";
