import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { amount, readTable, requireColumns, type Table, text } from "./csv.ts";
import { InputError } from "./input-error.ts";

/** A function of a trace: when it is called, how long a call takes, how much memory it holds. */
export type TracedFunction = {
  readonly name: string;
  /** Calls in each minute of the day. */
  readonly perMinute: Uint32Array;
  /** Duration in ms at the shares of {@link QUANTILES}. */
  readonly durationsMs: readonly number[];
  readonly averageMb: number;
  readonly peakMb: number;
};

export type Trace = {
  readonly name: string;
  readonly functions: readonly TracedFunction[];
  readonly calls: number;
};

export const MINUTES = 1440;
export const QUANTILES = [0, 0.01, 0.25, 0.5, 0.75, 0.99, 1] as const;

const parts = ["inv", "run", "mem"] as const;

/**
 * Reads a day in the format of the Azure Functions traces (https://github.com/Azure/AzurePublicDataset): three tables
 * whose names end in `inv`, `run` and `mem`, as `.csv` or `.csv.gz`. Throws InputError for anything it cannot use.
 */
export function readTrace(folder: string): Trace {
  const files = findTables(folder);
  const runs = durations(readTable(files.run, ["HashFunction", ...percentileColumns]));
  const memory = memories(readTable(files.mem, ["HashApp", "AverageAllocatedMb"]));
  const minutes = Array.from({ length: MINUTES }, (_, minute) => minute + 1);
  const table = readTable(files.inv, ["HashFunction", "HashApp"]);
  const named = minutes.map((minute) =>
    table.columns.has("1") ? `${minute}` : `${minute}_minute`,
  );
  requireColumns(table, named);
  const functions = table.rows.map((row) => {
    const name = text(table, row, "HashFunction");
    const durationsMs = runs.get(name);
    const held = memory.get(text(table, row, "HashApp"));
    if (durationsMs === undefined)
      throw new InputError(`${files.run}: no row for function ${name.slice(0, 20)}`);
    if (held === undefined)
      throw new InputError(`${files.mem}: no row for the app of function ${name.slice(0, 20)}`);
    const perMinute = Uint32Array.from(named, (column) => amount(table, row, column));
    return { name, perMinute, durationsMs, ...held };
  });
  const calls = functions.reduce((sum, { perMinute }) => sum + total(perMinute), 0);
  if (calls === 0) throw new InputError(`${files.inv}: the trace holds no calls`);
  return {
    name: basename(files.inv).replace(/[_-]?inv\.csv(\.gz)?$/, "") || "trace",
    functions,
    calls,
  };
}

/** A duration at a share of the distribution, geometric between two known ones. */
export function durationAt(durationsMs: readonly number[], share: number): number {
  let upper = 1;
  while (upper < QUANTILES.length - 1 && share > (QUANTILES[upper] ?? 1)) upper++;
  const [from, to] = [QUANTILES[upper - 1] ?? 0, QUANTILES[upper] ?? 1];
  const low = Math.max(1, durationsMs[upper - 1] ?? 1);
  const high = Math.max(low, durationsMs[upper] ?? low);
  return low * (high / low) ** ((share - from) / (to - from));
}

const percentileColumns = [0, 1, 25, 50, 75, 99, 100].map((p) => `percentile_Average_${p}`);

function findTables(folder: string): Record<(typeof parts)[number], string> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(
      `${folder}: no such folder; give a folder with *_inv.csv, *_run.csv, *_mem.csv`,
    );
  const names = readdirSync(folder);
  const find = (part: string): string => {
    const fitting = names.filter((name) => new RegExp(`(^|[_-])${part}\\.csv(\\.gz)?$`).test(name));
    const [name] = fitting;
    if (name === undefined || fitting.length > 1)
      throw new InputError(
        `${folder}: ${fitting.length} files end in "${part}.csv" or "${part}.csv.gz"; there must be one`,
      );
    return join(folder, name);
  };
  return { inv: find("inv"), run: find("run"), mem: find("mem") };
}

function durations(table: Table): Map<string, readonly number[]> {
  return new Map(
    table.rows.map((row) => {
      const values = percentileColumns.map((column) => amount(table, row, column));
      if (values.some((value, at) => at > 0 && value < (values[at - 1] ?? 0)))
        throw new InputError(
          `${table.file}: row ${table.rows.indexOf(row) + 2} has percentiles that fall`,
        );
      return [text(table, row, "HashFunction"), values];
    }),
  );
}

function memories(table: Table): Map<string, { averageMb: number; peakMb: number }> {
  const peak = "AverageAllocatedMb_pct100";
  return new Map(
    table.rows.map((row) => {
      const averageMb = Math.max(1, amount(table, row, "AverageAllocatedMb"));
      const peakMb = table.columns.has(peak) ? amount(table, row, peak) : averageMb;
      return [text(table, row, "HashApp"), { averageMb, peakMb: Math.max(averageMb, peakMb) }];
    }),
  );
}

function total(perMinute: Uint32Array): number {
  let sum = 0;
  for (const count of perMinute) sum += count;
  return sum;
}
