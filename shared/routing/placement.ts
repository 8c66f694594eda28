import { type Bound, type CheapestChoice, lowerBound } from "./lower-bound.ts";
import { type Market, PER_SCOPE } from "./market.ts";

type Numbers = Float64Array | Float32Array;

/**
 * Calls that need an arm each. What a call uses of an arm is: one request; its billed seconds times the memory and the
 * vCPUs that its function has there; its answer as egress of the arm's scope; and what it reads from elsewhere as egress
 * of the home of its data. Tables by function and arm are laid out `function * arms + arm`.
 */
export type Placement = {
  readonly market: Market;
  /** GB, and vCPU, in units of the grant, that a billed second takes. */
  readonly gb: Numbers;
  readonly vcpu: Numbers;
  /** 1 where the function may run on the arm. */
  readonly allowed: Uint8Array;
  /** USD per call and per billed second that no grant covers: a front door, carbon. */
  readonly feeUsd: Numbers;
  readonly feeUsdPerSecond: Numbers;
  /** By function: GB of an answer, GB read from the data's home, and the scope of that home (-1: no such data). */
  readonly answerGb: Numbers;
  readonly dataGb: Numbers;
  readonly home: Int8Array;
  /** By item: its function, and how many calls it stands for. */
  readonly fn: Uint32Array;
  readonly weight: Numbers;
  /** By item and arm: billed seconds; below 0 where the arm was not to be had at that time. */
  readonly seconds: Numbers;
};

/** The least that any assignment of these calls can cost beyond `grants`; see {@link lowerBound}. */
export function boundOf(placement: Placement, grants: Float64Array): Bound {
  const cheapest = cheapestChoice(placement);
  return lowerBound({ prices: placement.market.prices, grants, cheapest });
}

/**
 * Prices every call at the duals and takes the cheapest arm. Costs and uses are linear in the billed seconds, so each
 * function and arm has an intercept and a slope, and an item costs three multiplications.
 */
export function cheapestChoice(placement: Placement): CheapestChoice {
  const lines = emptyLines(placement);
  return (duals, usage) => {
    priceLines(placement, duals, lines);
    chooseItems(placement, lines);
    return addUse(placement, lines, usage);
  };
}

/** The linear program's shares of a function's calls for each arm, laid out `function * arms + arm`. */
export function sharesOf(placement: Placement, { mix }: Bound): Float64Array {
  const shares = new Float64Array(placement.gb.length);
  const lines = emptyLines(placement);
  const calls = new Float64Array(placement.answerGb.length);
  const arms = placement.market.arms.length;
  for (const { share, duals } of mix) {
    priceLines(placement, duals, lines);
    chooseItems(placement, lines);
    for (let place = 0; place < shares.length; place++) {
      const here = share * (lines.calls[place] ?? 0);
      shares[place] = (shares[place] ?? 0) + here;
      const fn = Math.floor(place / arms);
      calls[fn] = (calls[fn] ?? 0) + here;
    }
  }
  return shares.map((value, place) => value / (calls[Math.floor(place / arms)] || 1));
}

/** Adds what `calls` calls of `seconds` billed seconds in all use, and gives their fees. */
export function usePlace(
  placement: Pick<Placement, "market" | "gb" | "vcpu" | "answerGb" | "dataGb" | "home"> & {
    readonly feeUsd?: Numbers;
    readonly feeUsdPerSecond?: Numbers;
  },
  place: number,
  calls: number,
  seconds: number,
  usage: Float64Array,
): number {
  const arms = placement.market.arms.length;
  const fn = Math.floor(place / arms);
  const scope = placement.market.scopeOf[place % arms] ?? 0;
  const at = scope * PER_SCOPE;
  usage[at] = (usage[at] ?? 0) + calls;
  usage[at + 1] = (usage[at + 1] ?? 0) + seconds * (placement.gb[place] ?? 0);
  usage[at + 2] = (usage[at + 2] ?? 0) + seconds * (placement.vcpu[place] ?? 0);
  usage[at + 3] = (usage[at + 3] ?? 0) + calls * (placement.answerGb[fn] ?? 0);
  const home = placement.home[fn] ?? -1;
  if (home >= 0 && home !== scope) {
    const egress = home * PER_SCOPE + 3;
    usage[egress] = (usage[egress] ?? 0) + calls * (placement.dataGb[fn] ?? 0);
  }
  const { feeUsd, feeUsdPerSecond } = placement;
  return calls * (feeUsd?.[place] ?? 0) + seconds * (feeUsdPerSecond?.[place] ?? 0);
}

type Lines = {
  readonly intercept: Float64Array;
  readonly slope: Float64Array;
  readonly calls: Float64Array;
  readonly seconds: Float64Array;
};

function emptyLines({ gb }: Placement): Lines {
  const empty = (): Float64Array => new Float64Array(gb.length);
  return { intercept: empty(), slope: empty(), calls: empty(), seconds: empty() };
}

function priceLines(placement: Placement, duals: Float64Array, lines: Lines): void {
  const arms = placement.market.arms.length;
  lines.calls.fill(0);
  lines.seconds.fill(0);
  for (let place = 0; place < lines.slope.length; place++) {
    const fn = Math.floor(place / arms);
    const scope = placement.market.scopeOf[place % arms] ?? 0;
    const at = scope * PER_SCOPE;
    const home = placement.home[fn] ?? -1;
    const away = home >= 0 && home !== scope ? (duals[home * PER_SCOPE + 3] ?? 0) : 0;
    lines.intercept[place] =
      (placement.feeUsd[place] ?? 0) +
      (duals[at] ?? 0) +
      (duals[at + 3] ?? 0) * (placement.answerGb[fn] ?? 0) +
      away * (placement.dataGb[fn] ?? 0);
    lines.slope[place] =
      (placement.feeUsdPerSecond[place] ?? 0) +
      (duals[at + 1] ?? 0) * (placement.gb[place] ?? 0) +
      (duals[at + 2] ?? 0) * (placement.vcpu[place] ?? 0);
  }
}

function chooseItems(placement: Placement, lines: Lines): void {
  const { fn, weight, seconds, allowed } = placement;
  const arms = placement.market.arms.length;
  for (let item = 0; item < fn.length; item++) {
    const first = (fn[item] ?? 0) * arms;
    let best = -1;
    let least = Infinity;
    for (let arm = 0; arm < arms; arm++) {
      const billed = seconds[item * arms + arm] ?? -1;
      if (billed < 0 || allowed[first + arm] !== 1) continue;
      const usd = (lines.intercept[first + arm] ?? 0) + (lines.slope[first + arm] ?? 0) * billed;
      if (usd >= least) continue;
      least = usd;
      best = arm;
    }
    if (best < 0) continue;
    const calls = weight[item] ?? 0;
    const place = first + best;
    lines.calls[place] = (lines.calls[place] ?? 0) + calls;
    lines.seconds[place] = (lines.seconds[place] ?? 0) + calls * (seconds[item * arms + best] ?? 0);
  }
}

function addUse(placement: Placement, lines: Lines, usage: Float64Array): number {
  let fees = 0;
  for (let place = 0; place < lines.calls.length; place++) {
    const calls = lines.calls[place] ?? 0;
    if (calls > 0) fees += usePlace(placement, place, calls, lines.seconds[place] ?? 0, usage);
  }
  return fees;
}
