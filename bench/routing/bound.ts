import {
  billedSeconds,
  type Bound,
  boundOf,
  overflowUsd,
  type Placement,
  sharesOf,
  usePlace,
} from "../../shared/routing/index.ts";
import { slowdown } from "./faults.ts";
import { CLOUDS } from "./model.ts";
import type { Scenario } from "./replay.ts";
import { durationAt } from "./trace.ts";

/** How finely a distribution is integrated to get the mean of its billed seconds. */
const QUADRATURE = 400;

/** The scored calls as items of the bound: warm, with their realised durations on each arm. */
export function scoredPlacement(scenario: Scenario): Placement {
  const { world, calls, faults, model } = scenario;
  const fromMs = model.scoreStartsAtMinute * 60_000;
  const found = calls.atMs.findIndex((atMs) => atMs >= fromMs);
  const first = found < 0 ? calls.fn.length : found;
  const fn = calls.fn.slice(first);
  const seconds = new Float64Array(fn.length * CLOUDS.length);
  for (let item = 0; item < fn.length; item++) {
    const call = first + item;
    for (const [arm, { book }] of world.market.arms.entries()) {
      const place = (calls.fn[call] ?? 0) * CLOUDS.length + arm;
      const workMs = (calls.workMs[call] ?? 0) * (world.slowness[place] ?? 1);
      const durationMs = workMs * slowdown(faults, arm, calls.atMs[call] ?? 0);
      seconds[item * CLOUDS.length + arm] = billedSeconds(book, durationMs);
    }
  }
  return { ...tables(scenario), fn, weight: new Float64Array(fn.length).fill(1), seconds };
}

/**
 * What somebody pays who knows every function's true distribution and how often it will be called, but no single
 * duration: the linear program over means decides the shares, and the realised calls are billed by them, warm.
 */
export function distributionalOracle(scenario: Scenario, scored: Placement): OracleResult {
  const classes = classPlacement(scenario, scored.fn);
  const bound = boundOf(classes, scenario.grants);
  const shares = sharesOf(classes, bound);
  const usage = new Float64Array(scenario.prices.length);
  let usd = 0;
  for (let item = 0; item < scored.fn.length; item++) {
    for (let arm = 0; arm < CLOUDS.length; arm++) {
      const place = (scored.fn[item] ?? 0) * CLOUDS.length + arm;
      const share = shares[place] ?? 0;
      const seconds = scored.seconds[item * CLOUDS.length + arm] ?? 0;
      if (share > 0) usd += usePlace(scored, place, share, share * seconds, usage);
    }
  }
  return { usd: usd + overflowUsd(scenario.prices, scenario.grants, usage), shares, bound };
}

export type OracleResult = {
  readonly usd: number;
  readonly shares: Float64Array;
  readonly bound: Bound;
};

/** One item per function: its scored calls, each of the true mean of billed seconds. */
function classPlacement(scenario: Scenario, scoredFn: Uint32Array): Placement {
  const { world } = scenario;
  const functions = world.trace.functions;
  const weight = new Float64Array(functions.length);
  for (const fn of scoredFn) weight[fn] = (weight[fn] ?? 0) + 1;
  const seconds = new Float64Array(functions.length * CLOUDS.length);
  for (const [fn, { durationsMs }] of functions.entries()) {
    if (weight[fn] === 0) continue;
    for (const [arm, { book }] of world.market.arms.entries()) {
      const place = fn * CLOUDS.length + arm;
      let sum = 0;
      for (let at = 0; at < QUADRATURE; at++) {
        const workMs = durationAt(durationsMs, (at + 0.5) / QUADRATURE);
        sum += billedSeconds(book, workMs * (world.slowness[place] ?? 1));
      }
      seconds[place] = sum / QUADRATURE;
    }
  }
  return { ...tables(scenario), fn: Uint32Array.from(functions.keys()), weight, seconds };
}

function tables({ world, prices }: Scenario): Omit<Placement, "fn" | "weight" | "seconds"> {
  return {
    market: { ...world.market, prices },
    gb: world.gb,
    vcpu: world.vcpu,
    allowed: world.allowed,
    feeUsd: new Float64Array(world.gb.length),
    feeUsdPerSecond: new Float64Array(world.gb.length),
    answerGb: world.answerGb,
    dataGb: world.dataGb,
    home: world.home,
  };
}
