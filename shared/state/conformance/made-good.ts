import { type Call, faultyState, type Injection, seededFaults } from "#shared/faults";
import { seededRandom } from "#shared/testing";
import type { StateDriver, StateWrite } from "../driver.ts";

/** Often enough that every rule meets some; each kind of fault alike. */
const SHARE = 0.05;

/** A driver over a network whose faults the portable class makes good, so that every rule must hold as without. */
export function overFaultyNetwork(driver: StateDriver, seed: number): StateDriver {
  const rates = { throttled: SHARE, resetBefore: SHARE, resetAfter: 2 * SHARE };
  return faultyState(driver, seededFaults({ random: seededRandom(seed), rates, spare })).driver;
}

function spare(call: Call, injection: Injection): boolean {
  return !isMadeGood(call, injection);
}

/**
 * What nobody above the store notices: reads are repeated, so is what was throttled, and a row that was written tells so
 * by its revision. Of other writes that broke off the outcome may be unknown, and the caller hears of it (S24, S28).
 */
function isMadeGood({ kind, args }: Call, injection: Injection): boolean {
  if (kind === "read" || injection.when === "stale") return true;
  if (injection.code === "resource_exhausted") return true;
  return injection.when === "after" && writesOf(args[0]).some((write) => write.kind === "put");
}

function writesOf(asked: unknown): readonly StateWrite[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the first thing a driver's writing methods take
  return (Array.isArray(asked) ? asked : [asked]) as readonly StateWrite[];
}
