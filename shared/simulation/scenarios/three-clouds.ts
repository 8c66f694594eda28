import { faultyState, seededFaults } from "#shared/faults";
import { memoryState, type StateDriver } from "#shared/state";
import { SimulatedNode } from "../simulated-node.ts";
import type { StorePlace } from "../remote-state.ts";
import type { Simulation } from "../simulation.ts";

/** How far a cloud's clock may be off, either way. */
const SKEW_MS = 10_000;
/** How often a store fails, before and after it wrote. */
const RATES = { throttled: 0.01, resetBefore: 0.01, resetAfter: 0.02, late: 0.01 };

/** A machine whose clock is off. */
export function skewedNode(simulation: Simulation, name: string): SimulatedNode {
  return new SimulatedNode(simulation, name, simulation.between(-SKEW_MS, SKEW_MS));
}

/** The three clouds, each with a clock of its own. */
export function threeClouds(simulation: Simulation): [SimulatedNode, SimulatedNode, SimulatedNode] {
  return [
    skewedNode(simulation, "aws"),
    skewedNode(simulation, "azure"),
    skewedNode(simulation, "gcp"),
  ];
}

/** A store that is always there and fails now and then, until it is `spare`d. */
export function faultyPlace(
  simulation: Simulation,
  name: string,
  spare: () => boolean = () => false,
  driver: StateDriver = memoryState(),
): StorePlace {
  const faults = seededFaults({ random: simulation.random, rates: RATES, spare });
  return { name, isUp: true, driver: faultyState(driver, faults).driver };
}
