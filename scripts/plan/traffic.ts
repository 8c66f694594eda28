import { existsSync, readFileSync } from "node:fs";
import type { Target } from "#shared/function";
import { type DeployFunction, firesPerMonth, type MonthlyLoad } from "#shared/plan";
import * as z from "zod";

const DAYS_PER_MONTH = 365 / 12;
/** What a call is taken to last where nothing was measured. */
const DEFAULT_MS = 200;

const Calls = z.union([
  z.number().min(0),
  z.object({ callsPerDay: z.number().min(0), durationMs: z.number().min(0).default(DEFAULT_MS) }),
]);

/** Calls a day by function; `default` for those not named. */
const Traffic = z.record(z.string(), Calls);
export type Traffic = z.infer<typeof Traffic>;

/**
 * Reads `--traffic`: calls a day for every function, or a JSON object, or the path of a file with one. Throws for
 * anything else.
 */
export function readTraffic(option: string): Traffic {
  if (/^\d+(?:\.\d+)?$/.test(option)) return { default: Number(option) };
  const text = existsSync(option) ? readFileSync(option, "utf8") : option;
  try {
    return Traffic.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      '--traffic: give calls a day, or a JSON object or file such as {"default": 1000, "pulse-fold": 5000}',
      { cause },
    );
  }
}

/** What each function of a cloud does in a month, if this cloud has all the traffic. A schedule's calls are its own. */
export function loadsOf(
  functions: readonly DeployFunction[],
  target: Target,
  traffic: Traffic,
): MonthlyLoad[] {
  return functions
    .filter(({ targets }) => targets.includes(target))
    .map(({ name, trigger, limits: { memoryMb } }) => {
      const given = traffic[name] ?? (trigger.kind === "schedule" ? undefined : traffic["default"]);
      const { callsPerDay, durationMs } =
        typeof given === "object" ? given : { callsPerDay: given ?? 0, durationMs: DEFAULT_MS };
      const calls =
        given === undefined && trigger.kind === "schedule"
          ? firesPerMonth(trigger.schedule)
          : callsPerDay * DAYS_PER_MONTH;
      return { name, calls: Math.round(calls), durationMs, memoryMb };
    });
}
