import type { Clock, Random } from "#shared/function";
import type { Call, FaultSource, Injection } from "./inject-faults.ts";

/** How often what goes wrong: shares of the calls it can happen to, from 0 to 1. */
export type FaultRates = {
  /** The longest the network takes, before and after every call. */
  readonly latencyMs?: number;
  /** Refused because of too many calls. */
  readonly throttled?: number;
  /** The connection breaks before the store has seen the call. */
  readonly resetBefore?: number;
  /** The connection breaks after the store has written; what writes nothing loses its connection before. */
  readonly resetAfter?: number;
  /** A write is given up as too slow, and happens when the next one arrives. */
  readonly late?: number;
  /** A read shows what it showed before, at most 50 calls ago. */
  readonly stale?: number;
};

export type SeededFaultsOptions = {
  /** Its seed decides everything, as far as the order of the calls does not. */
  readonly random: Pick<Random, "next">;
  /** What latency is waited on; needed only with `latencyMs`. */
  readonly clock?: Pick<Clock, "sleep">;
  readonly rates: FaultRates;
  /** What must not go wrong. */
  readonly spare?: (call: Call, injection: Injection) => boolean;
  /** How often one call and its repeats may fail, so that bounded retries have an end; twice when left out. */
  readonly mostPerCall?: number;
};

const STALE_WITHIN_CALLS = 50;

/** Faults at random, repeatable by seed. */
export function seededFaults(options: SeededFaultsOptions): FaultSource {
  const { random, clock, rates, spare, mostPerCall = 2 } = options;
  // A repeat asks for the same object again; that is how it is known.
  const failures = new WeakMap<object, number>();
  return {
    async pause() {
      const { latencyMs = 0 } = rates;
      if (latencyMs > 0) await clock?.sleep(latencyMs * random.next());
    },
    next(call) {
      const injection = draw(random.next(), call.kind === "read" ? onRead(rates) : onWrite(rates));
      const [asked] = call.args;
      if (injection === undefined || spare?.(call, injection) === true) return undefined;
      if (typeof asked !== "object" || asked === null) return injection;
      const before = failures.get(asked) ?? 0;
      if (before >= mostPerCall) return undefined;
      failures.set(asked, before + 1);
      return injection;
    },
  };
}

type Chance = readonly [share: number | undefined, injection: Injection];

const throttled: Injection = { when: "before", code: "resource_exhausted" };
const resetBefore: Injection = { when: "before", code: "unavailable" };
const resetAfter: Injection = { when: "after", code: "unavailable" };
const late: Injection = { when: "late", code: "deadline_exceeded" };
const stale: Injection = { when: "stale", withinCalls: STALE_WITHIN_CALLS };

function onRead(rates: FaultRates): readonly Chance[] {
  return [
    [rates.throttled, throttled],
    [rates.resetBefore, resetBefore],
    [rates.stale, stale],
  ];
}

function onWrite(rates: FaultRates): readonly Chance[] {
  return [
    [rates.throttled, throttled],
    [rates.resetBefore, resetBefore],
    [rates.resetAfter, resetAfter],
    [rates.late, late],
  ];
}

function draw(number: number, chances: readonly Chance[]): Injection | undefined {
  let end = 0;
  for (const [share = 0, injection] of chances) {
    end += share;
    if (number < end) return injection;
  }
  return undefined;
}
