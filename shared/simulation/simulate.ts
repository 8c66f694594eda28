import { Simulation } from "./simulation.ts";

/** A world, what is to happen in it, and what must hold at its end. */
export type Scenario = {
  readonly name: string;
  readonly summary: string;
  /** When a seed's world begins; midnight of 2026 when left out. */
  readonly startMs?: (seed: number) => number;
  /** How many seeds its test plays; 300 when left out. */
  readonly testSeeds?: number;
  /** Wrong implementations that the scenario must catch, by name, and what is wrong with each. */
  readonly plants: Readonly<Record<string, string>>;
  /** What must have been counted over a few hundred seeds, or they have proved nothing. */
  readonly sometimes: readonly string[];
  /** Plays it once and gives what was violated, one line each. */
  readonly play: (simulation: Simulation, plant: string | undefined) => Promise<readonly string[]>;
};

export type SimulateOptions = {
  readonly firstSeed: number;
  readonly seeds: number;
  readonly plant?: string | undefined;
  /** Ends with the first seed that fails. */
  readonly untilFailure?: boolean;
  readonly onSeed?: (done: number) => void;
};

export type Failure = { readonly seed: number; readonly violations: readonly string[] };

export type Report = {
  readonly played: number;
  readonly failures: readonly Failure[];
  readonly facts: ReadonlyMap<string, number>;
};

/** Worlds that take turns in the event loop: they share nothing, and its rounds cost more than their steps. */
const SIDE_BY_SIDE = 32;

/** Plays a scenario with one seed after the other. */
export async function simulate(scenario: Scenario, options: SimulateOptions): Promise<Report> {
  const { firstSeed, seeds, plant, untilFailure = false, onSeed } = options;
  const failures: Failure[] = [];
  const facts = new Map<string, number>();
  let [next, endSeed, played] = [firstSeed, firstSeed + seeds, 0];
  const playOn = async (): Promise<void> => {
    while (next < endSeed) {
      const simulation = worldOf(scenario, next++);
      const violations = await scenario.play(simulation, plant);
      if (violations.length > 0) {
        failures.push({ seed: simulation.seed, violations });
        if (untilFailure) endSeed = next;
      }
      for (const [fact, count] of simulation.facts) facts.set(fact, (facts.get(fact) ?? 0) + count);
      played += 1;
      onSeed?.(played);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, playOn));
  failures.sort((a, b) => a.seed - b.seed);
  return { played, failures, facts };
}

/** Plays one seed again and tells what happens in it. */
export async function replay(
  scenario: Scenario,
  seed: number,
  plant?: string,
): Promise<Failure & { readonly trace: readonly string[] }> {
  const trace: string[] = [];
  const simulation = worldOf(scenario, seed, (line) => trace.push(line));
  const violations = await scenario.play(simulation, plant);
  return { seed, violations, trace };
}

function worldOf({ startMs }: Scenario, seed: number, onLine?: (line: string) => void): Simulation {
  return new Simulation({ seed, onLine, ...(startMs && { startMs: startMs(seed) }) });
}
