import type { Network } from "./network.ts";
import type { SimulatedNode } from "./simulated-node.ts";
import type { Simulation } from "./simulation.ts";

export type Chaos = {
  readonly untilMs: number;
  readonly network: Network;
  readonly nodes: readonly [SimulatedNode, ...SimulatedNode[]];
  /** Places that a node may be cut off from, beside the other nodes. */
  readonly places: readonly [string, ...string[]];
  /** How many crashes, partitions and stalls there are. */
  readonly events: number;
  /** The longest that one of them lasts. */
  readonly longestMs: number;
};

/** Spreads crashes, partitions and stalls over a time; at its end every node is up and the network whole. */
export function unleash(simulation: Simulation, chaos: Chaos): void {
  const { untilMs, network, nodes, places, events, longestMs } = chaos;
  for (let event = 0; event < events; event += 1) {
    const startMs = simulation.between(simulation.nowMs, untilMs);
    const lastsMs = simulation.between(1_000, longestMs);
    const node = simulation.pick(nodes);
    const place = simulation.pick(places);
    const kind = simulation.between(0, 2);
    simulation.at(startMs, () => {
      if (kind === 0) node.crash();
      else if (kind === 1) network.cut(node.name, place);
      else node.stall(lastsMs);
    });
    if (kind === 0) simulation.at(startMs + lastsMs, () => node.restart());
    if (kind === 1) simulation.at(startMs + lastsMs, () => network.mend(node.name, place));
  }
  simulation.at(untilMs, () => {
    network.heal();
    for (const node of nodes) node.restart();
  });
}
