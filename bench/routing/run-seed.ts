import { overflowUsd, boundOf, PER_SCOPE } from "../../shared/routing/index.ts";
import {
  byShares,
  greedyEwma,
  hindsight,
  listPrice,
  randomly,
  roundRobin,
  staticOn,
} from "./baselines.ts";
import { foresightOf, oracleShares, scoredPlacement } from "./bound.ts";
import { drawCalls } from "./calls.ts";
import { type DecisionTime, timeDecisions } from "./decision-time.ts";
import { scriptOf } from "./faults.ts";
import { CLOUDS, type Model } from "./model.ts";
import type { Options } from "./options.ts";
import type { Books } from "./prices.ts";
import { type Item, replay, type Result, type Scenario } from "./replay.ts";
import { routed } from "./routed.ts";
import type { Trace } from "./trace.ts";
import { createWorld, marketOf } from "./world.ts";

export type SeedReport = {
  readonly seed: number;
  readonly calls: number;
  readonly scoredCalls: number;
  readonly lowerBoundUsd: number;
  /** How far the linear program's optimum is above the bound at most. */
  readonly boundGapUsd: number;
  readonly distributionalOracleUsd: number;
  /** The router first, then the rivals. */
  readonly results: readonly Result[];
  /** The cheapest static cloud that keeps the mask all day; undefined when none does. */
  readonly bestStatic: Result | undefined;
  readonly decision: DecisionTime;
  readonly bytesPerFunction: number;
};

export type Inputs = {
  readonly trace: Trace;
  readonly books: Books;
  readonly model: Model;
  readonly options: Options;
};

/** One seed: the world, the bound, the oracle, the router and every rival. */
export function runSeed(
  inputs: Inputs,
  seed: number,
  onItem?: (item: Item, scenario: Scenario) => void,
): SeedReport {
  const scenario = scenarioOf(inputs, seed);
  const scored = scoredPlacement(scenario);
  const bound = boundOf(scored, scenario.grants);
  const policy = routed(scenario);
  const own = replay(scenario, policy, (item) => onItem?.(item, scenario));
  const statics = CLOUDS.map((_, arm) => replay(scenario, staticOn(arm)));
  const shares = oracleShares(scenario, scored, foresightOf(scenario, statics));
  const oracle = replay(scenario, byShares(shares));
  const rivals = [
    roundRobin(),
    randomly(seed),
    listPrice(scenario),
    greedyEwma(scenario),
    hindsight(scenario, scored),
  ].map((rival) => replay(scenario, rival));
  const keeping = statics.filter(({ maskBreaks }) => maskBreaks === 0);
  return {
    seed,
    calls: scenario.calls.fn.length,
    scoredCalls: scored.fn.length,
    lowerBoundUsd: bound.usd,
    boundGapUsd: Math.max(0, bound.relaxedUsd - bound.usd),
    distributionalOracleUsd: oracle.costUsd,
    results: [own, oracle, ...statics, ...rivals],
    bestStatic: keeping.toSorted((a, b) => a.costUsd - b.costUsd)[0],
    decision: timeDecisions(policy.router, scenario.calls),
    bytesPerFunction: policy.router.tables.bytesPerFunction,
  };
}

/** What an item would cost if no grant covered any of it. */
export function listUsd({ prices }: Scenario, usage: Float64Array): number {
  return overflowUsd(prices, new Float64Array(prices.length), usage);
}

function scenarioOf({ trace, books, model, options }: Inputs, seed: number): Scenario {
  const market = marketOf(books, model);
  const hit = options.faultCloud ?? (options.plan === "y1" ? "azure" : "aws");
  const faults = scriptOf(options.fault, CLOUDS.indexOf(hit), model);
  const share = model.scoredShare / model.daysPerMonth;
  const prices = market.prices.map((price, r) =>
    Math.floor(r / PER_SCOPE) === faults.price.arm ? price * faults.price.factor : price,
  );
  return {
    world: createWorld(trace, market, model, options.plan, seed),
    calls: drawCalls(trace, options.scale ?? trace.calls, seed),
    faults,
    model,
    prices,
    grants: market.monthlyGrants.map((grant) => grant * share),
  };
}
