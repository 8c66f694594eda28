import type { FastifyInstance } from "fastify";
import type { CostLine, CostReport, CostSum, LineKind } from "#shared/console";
import { Fault } from "#shared/errors";
import { toUsd } from "#shared/metering";
import * as z from "zod";
import { type CostRow, monthOf } from "../engine/costs.ts";
import { type Granting, grantUse } from "./grant-use.ts";

const Query = z.object({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
});

type CostSource = { costs(month: string): readonly CostRow[] };

/** `GET /v1/costs`: what a month's runs cost, by tenant, runtime, function and kind of unit, and the use of the grants. */
export function registerCosts(
  server: FastifyInstance,
  source: CostSource,
  grants: () => ReadonlyMap<string, Granting>,
): void {
  server.get("/v1/costs", async (request): Promise<CostReport> => {
    const parsed = Query.safeParse(request.query);
    if (!parsed.success) {
      throw new Fault("invalid_argument", "gateway.costs: month does not fit; write YYYY-MM", {
        origin: "caller",
      });
    }
    const nowMs = Date.now();
    const month = parsed.data.month ?? monthOf(nowMs);
    return costReport(month, source.costs(month), grants(), nowMs);
  });
}

/** The report of a month's rows; every list of sums adds up to the total exactly. */
export function costReport(
  month: string,
  rows: readonly CostRow[],
  grants: ReadonlyMap<string, Granting>,
  nowMs: number,
): CostReport {
  return {
    month,
    total: sum(rows),
    tenants: group(rows, (row) => row.tenant).map(([tenant, own]) =>
      Object.assign(sum(own), { tenant }),
    ),
    runtimes: group(rows, (row) => row.runtime).map(([runtime, own]) =>
      Object.assign(sum(own), { runtime }),
    ),
    functions: group(rows, (row) => row.function).map(([name, own]) =>
      Object.assign(sum(own), { function: name }),
    ),
    lines: group(rows, ({ runtime, kind, product }) => `${runtime} ${kind} ${product}`).flatMap(
      ([, own]) => lineOf(own),
    ),
    grants: [...grants].flatMap(([runtime, granting]) => {
      const own = rows.filter((row) => row.runtime === runtime);
      return grantUse(month, { runtime, granting }, own, nowMs);
    }),
  };
}

function group(
  rows: readonly CostRow[],
  by: (row: CostRow) => string,
): readonly (readonly [string, readonly CostRow[]])[] {
  return [...Map.groupBy(rows, by)].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function sum(rows: readonly CostRow[]): CostSum {
  return {
    calls: unitsOf(rows, "requests"),
    gbSeconds: unitsOf(rows, "gbSeconds"),
    vcpuSeconds: unitsOf(rows, "vcpuSeconds"),
    egressBytes: unitsOf(rows, "egressBytes"),
    ...moneyOf(rows),
  };
}

function lineOf(rows: readonly CostRow[]): CostLine[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { runtime, kind, product } = first;
  const units = rows.reduce((total, row) => total + row.units, 0);
  const line = { runtime, kind, product, units, ...moneyOf(rows) };
  return [rows.some(({ estimated }) => estimated) ? { ...line, estimated: true } : line];
}

function unitsOf(rows: readonly CostRow[], kind: LineKind): number {
  return rows.reduce((total, row) => (row.kind === kind ? total + row.units : total), 0);
}

function moneyOf(rows: readonly CostRow[]): Pick<CostSum, "usd" | "picoUsd"> {
  const picoUsd = rows.reduce((total, row) => total + row.picoUsd, 0n);
  return { usd: toUsd(picoUsd), picoUsd: picoUsd.toString() };
}
