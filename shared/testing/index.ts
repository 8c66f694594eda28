export { FakeClock } from "./fake-clock.ts";
export { type AddRule, conformanceSuite, type Exceptions } from "./rules.ts";
export { seededRandom } from "./seeded-random.ts";
export {
  memoryPorts,
  type MemoryPorts,
  type MemoryPortsOptions,
  memoryToken,
} from "./memory-ports.ts";
