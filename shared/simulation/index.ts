export { type Chaos, unleash } from "./chaos.ts";
export { type Endpoint, Network, type NetworkOptions } from "./network.ts";
export { remoteState, type StorePlace } from "./remote-state.ts";
export { scenarios } from "./scenarios/all.ts";
export {
  type Failure,
  replay,
  type Report,
  type Scenario,
  simulate,
  type SimulateOptions,
} from "./simulate.ts";
export { Life, SimulatedNode } from "./simulated-node.ts";
export { Simulation, type SimulationOptions } from "./simulation.ts";
