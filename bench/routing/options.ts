import { parseArgs } from "node:util";
import { FAULTS, type FaultName } from "./faults.ts";
import { InputError } from "./input-error.ts";
import { type Cloud, CLOUDS } from "./model.ts";
import type { AzurePlan } from "./prices.ts";

export type Options = {
  readonly trace: string | undefined;
  readonly prices: string | undefined;
  /** Calls a day; undefined for as many as the trace has. */
  readonly scale: number | undefined;
  readonly seeds: readonly number[];
  readonly plan: AzurePlan;
  readonly fault: FaultName;
  readonly faultCloud: Cloud | undefined;
  /** How much longer CPU work takes on Azure than on the machine of the trace. */
  readonly azureSlowness: number;
  readonly items: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
};

export const HELP = `npm run bench:routing -- [options]

Replays a day of calls against the router and its rivals, and compares with a lower bound that nobody can beat.

  --trace DIR      folder with *_inv.csv, *_run.csv, *_mem.csv (or .csv.gz), the format of the Azure Functions
                   traces; default: the small made-up trace beside the command
  --prices FILE    price sheet; default: the product's own price books
  --scale N        calls a day, 10 to 20,000,000, also as 10k or 1M; default: as many as the trace has
  --seed N         one seed (default 1); --seeds 1,2,3,4,5 for several, with their mean
  --plan y1|flex   Azure's plan: Consumption, or Flex Consumption (default)
  --fault NAME     ${FAULTS.join(" | ")}: one cloud down for 20 minutes, 3 x slower for an hour, dearer from noon on
  --fault-cloud C  ${CLOUDS.join(" | ")}; default: azure under y1, aws under flex, the cheapest there
  --azure-slowness N  time for CPU work on Azure, in units of the trace's machine (default 1; Windows measured 2.7)
  --items FILE     one JSON line per scored call of the router: function, arm, billed units, cost
  --json           the report as JSON on standard output

Exit code 2: the input cannot be used, and the message says why.
`;

/** Reads the command line. Throws InputError for anything that is not understood. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  return {
    trace: values.trace,
    prices: values.prices,
    scale: values.scale === undefined ? undefined : scaleOf(values.scale),
    seeds: (values.seeds ?? values.seed ?? "1").split(",").map(seedOf),
    plan: oneOf("plan", values.plan ?? "flex", ["y1", "flex"]),
    fault: oneOf("fault", values.fault ?? "none", FAULTS),
    faultCloud:
      values["fault-cloud"] === undefined
        ? undefined
        : oneOf("fault-cloud", values["fault-cloud"], CLOUDS),
    azureSlowness: slownessOf(values["azure-slowness"] ?? "1"),
    items: values.items,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        trace: { type: "string" },
        prices: { type: "string" },
        scale: { type: "string" },
        seed: { type: "string" },
        seeds: { type: "string" },
        plan: { type: "string" },
        fault: { type: "string" },
        "fault-cloud": { type: "string" },
        "azure-slowness": { type: "string" },
        items: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new InputError(
      `${error instanceof Error ? error.message : "unknown option"}; see --help`,
    );
  }
}

function scaleOf(given: string): number {
  const [, digits, unit] = /^([\d.,_]+)([kM]?)$/.exec(given) ?? [];
  const scale =
    Number(digits?.replaceAll(/[,_]/g, "")) * (unit === "M" ? 1e6 : unit === "k" ? 1e3 : 1);
  if (scale >= 10 && scale <= 2e7) return scale;
  throw new InputError(`--scale is "${given}"; give calls a day, 10 to 20,000,000, such as 100k`);
}

function seedOf(given: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new InputError(`--seed is "${given}"; give a whole number`);
}

function slownessOf(given: string): number {
  const slowness = Number(given);
  if (slowness >= 0.1 && slowness <= 20) return slowness;
  throw new InputError(`--azure-slowness is "${given}"; give a number between 0.1 and 20`);
}

function oneOf<T extends string>(name: string, given: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw new InputError(`--${name} is "${given}"; choose of ${choices.join(", ")}`);
}
