import type { Placement } from "../../shared/routing/index.ts";
import { CLOUDS } from "./model.ts";
import type { Policy } from "./policy.ts";
import { randomOf } from "./random.ts";
import type { Scenario } from "./replay.ts";

/** A static placement: everything on one cloud. It waits when that is down. */
export function staticOn(arm: number): Policy {
  return { name: `static ${CLOUDS[arm]}`, waits: true, choose: () => arm };
}

export function roundRobin(): Policy {
  let turn = 0;
  return {
    name: "round robin",
    waits: false,
    choose: (_fn, _atMs, _call, not) => open(turn++ % CLOUDS.length, not),
  };
}

export function randomly(seed: number): Policy {
  const random = randomOf(seed, 4);
  return {
    name: "random",
    waits: false,
    choose: (_fn, _atMs, _call, not) => open(Math.floor(random() * CLOUDS.length), not),
  };
}

/** The arm with the lowest unit prices, as gateways do that compare price lists: a GB-s with the CPU of 1,769 MB. */
export function listPrice({ world, model, prices }: Scenario): Policy {
  const usd = CLOUDS.map((_, arm) => {
    const gb = model.lambdaMbPerVcpu / 1024;
    return (prices[arm * 4 + 1] ?? 0) * gb + (prices[arm * 4 + 2] ?? 0);
  });
  const order = [...usd.keys()].toSorted((a, b) => (usd[a] ?? 0) - (usd[b] ?? 0));
  const arms = world.market.arms.length;
  return {
    name: "list price",
    waits: false,
    choose: (_fn, _atMs, _call, not) =>
      order.find((arm) => ((not >> arm) & 1) === 0) ?? open(0, not) % arms,
  };
}

/** Tries each arm once per function, then takes the least mean cost (weight 0.02), without grants, target or bounds. */
export function greedyEwma(scenario: Scenario): Policy {
  const { world } = scenario;
  const mean = new Float64Array(world.gb.length);
  const seen = new Uint32Array(world.gb.length);
  const line = listLine(scenario);
  return {
    name: "greedy ewma",
    waits: false,
    choose(fn, _atMs, _call, not) {
      let best = -1;
      let least = Infinity;
      for (let arm = 0; arm < CLOUDS.length; arm++) {
        const place = fn * CLOUDS.length + arm;
        const usd = seen[place] === 0 ? -1 : (mean[place] ?? 0);
        if (((not >> arm) & 1) === 1 || usd >= least) continue;
        least = usd;
        best = arm;
      }
      return Math.max(0, best);
    },
    ended({ fn, arm, billedSeconds }) {
      const place = fn * CLOUDS.length + arm;
      const count = (seen[place] ?? 0) + 1;
      seen[place] = count;
      const usd = line(place, billedSeconds);
      mean[place] = (mean[place] ?? 0) + Math.max(0.02, 1 / count) * (usd - (mean[place] ?? 0));
    },
  };
}

/** For each function the one arm that would have cost least over the scored calls, at list prices, known afterwards. */
export function hindsight(scenario: Scenario, scored: Placement): Policy {
  const { world } = scenario;
  const line = listLine(scenario);
  const usd = new Float64Array(world.gb.length);
  for (let item = 0; item < scored.fn.length; item++) {
    for (let arm = 0; arm < CLOUDS.length; arm++) {
      const place = (scored.fn[item] ?? 0) * CLOUDS.length + arm;
      const seconds = scored.seconds[item * CLOUDS.length + arm] ?? 0;
      usd[place] = (usd[place] ?? 0) + line(place, seconds);
    }
  }
  const best = world.trace.functions.map((_, fn) => {
    const costs = CLOUDS.map((_cloud, arm) => {
      const place = fn * CLOUDS.length + arm;
      return world.allowed[place] === 1 ? (usd[place] ?? 0) : Infinity;
    });
    return costs.indexOf(Math.min(...costs));
  });
  return {
    name: "hindsight per function",
    waits: false,
    choose: (fn, _atMs, _call, not) => open(best[fn] ?? 0, not),
  };
}

/** Gives each arm its share of a function's calls, in turn. */
export function byShares(shares: Float64Array): Policy {
  const credit = new Float64Array(shares.length);
  return {
    name: "distributional oracle",
    waits: false,
    choose(fn, _atMs, _call, not) {
      let best = -1;
      for (let arm = 0; arm < CLOUDS.length; arm++) {
        const place = fn * CLOUDS.length + arm;
        credit[place] = (credit[place] ?? 0) + (shares[place] ?? 0);
        if (((not >> arm) & 1) === 1) continue;
        if (best < 0 || (credit[place] ?? 0) > (credit[fn * CLOUDS.length + best] ?? 0)) best = arm;
      }
      const chosen = fn * CLOUDS.length + Math.max(0, best);
      credit[chosen] = (credit[chosen] ?? 0) - 1;
      return Math.max(0, best);
    },
  };
}

/** What a call costs at list prices, egress included. */
function listLine({ world, prices }: Scenario): (place: number, seconds: number) => number {
  return (place, seconds) => {
    const fn = Math.floor(place / CLOUDS.length);
    const arm = place % CLOUDS.length;
    const home = world.home[fn] ?? -1;
    const away = home >= 0 && home !== arm ? (prices[home * 4 + 3] ?? 0) : 0;
    return (
      (prices[arm * 4] ?? 0) +
      seconds * (world.gb[place] ?? 0) * (prices[arm * 4 + 1] ?? 0) +
      seconds * (world.vcpu[place] ?? 0) * (prices[arm * 4 + 2] ?? 0) +
      (world.answerGb[fn] ?? 0) * (prices[arm * 4 + 3] ?? 0) +
      (world.dataGb[fn] ?? 0) * away
    );
  };
}

/** The arm, or the next one where the call has not failed yet. */
function open(arm: number, not: number): number {
  for (let turn = 0; turn < CLOUDS.length; turn++) {
    const next = (arm + turn) % CLOUDS.length;
    if (((not >> next) & 1) === 0) return next;
  }
  return arm;
}
