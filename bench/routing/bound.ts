import { billedSeconds, boundOf, type Placement, sharesOf } from "../../shared/routing/index.ts";
import { slowdown } from "./faults.ts";
import { CLOUDS } from "./model.ts";
import type { Result, Scenario } from "./replay.ts";
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

/** What an oracle may count on: the arms it may use, and the share of cold starts, by function and arm. */
export type Foresight = { readonly allowed: Uint8Array; readonly coldShare: Float64Array };

/**
 * The shares of somebody who knows every function's true distribution, how often it will be called and how often it will
 * start cold, but no single duration: the linear program over means decides them.
 */
export function oracleShares(
  scenario: Scenario,
  scored: Placement,
  foresight: Foresight,
): Float64Array {
  const classes = classPlacement(scenario, scored.fn, foresight);
  return sharesOf(classes, boundOf(classes, scenario.grants));
}

/**
 * What the replays of the static clouds tell: a function may be where it keeps its p95 with all its calls, cold starts
 * included, or anywhere when it keeps it nowhere. The bound does not use this: its mask is of warm calls.
 */
export function foresightOf({ world }: Scenario, statics: readonly Result[]): Foresight {
  const arms = statics.length;
  const allowed = world.allowed.map((warm, place) => {
    const fn = Math.floor(place / arms);
    const nowhere = statics.every(({ missed }) => missed[fn] === 1);
    return warm === 1 && (nowhere || statics[place % arms]?.missed[fn] === 0) ? 1 : 0;
  });
  const coldShare = Float64Array.from(
    allowed,
    (_, place) => statics[place % arms]?.coldShare[Math.floor(place / arms)] ?? 0,
  );
  return { allowed, coldShare };
}

/** One item per function: its scored calls, each of the true mean of billed seconds. */
function classPlacement(
  scenario: Scenario,
  scoredFn: Uint32Array,
  { allowed, coldShare }: Foresight,
): Placement {
  const { world } = scenario;
  const functions = world.trace.functions;
  const weight = new Float64Array(functions.length);
  for (const fn of scoredFn) weight[fn] = (weight[fn] ?? 0) + 1;
  const seconds = new Float64Array(functions.length * CLOUDS.length);
  for (const [fn, { durationsMs }] of functions.entries()) {
    if (weight[fn] === 0) continue;
    for (const [arm, { book, coldBilledMs }] of world.market.arms.entries()) {
      const place = fn * CLOUDS.length + arm;
      let sum = 0;
      for (let at = 0; at < QUADRATURE; at++) {
        const workMs = durationAt(durationsMs, (at + 0.5) / QUADRATURE);
        sum += billedSeconds(book, workMs * (world.slowness[place] ?? 1));
      }
      const coldSeconds = ((coldShare[place] ?? 0) * coldBilledMs) / 1000;
      seconds[place] = sum / QUADRATURE + coldSeconds;
    }
  }
  const fn = Uint32Array.from(functions.keys());
  return { ...tables(scenario), allowed, fn, weight, seconds };
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
