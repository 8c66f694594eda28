import type { FastifyInstance } from "fastify";
import type { CostReport, CostSum } from "#shared/console";
import { Fault } from "#shared/errors";
import type { PriceBook } from "#shared/routing";
import * as z from "zod";
import { type CostRow, monthOf } from "../engine/costs.ts";

const Query = z.object({
  month: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
});

type CostSource = { costs(month: string): readonly CostRow[] };

/** `GET /v1/costs`: what a month's runs cost, by runtime with the use of its free grant, and by function. */
export function registerCosts(
  server: FastifyInstance,
  source: CostSource,
  books: () => ReadonlyMap<string, PriceBook>,
): void {
  server.get("/v1/costs", async (request): Promise<CostReport> => {
    const parsed = Query.safeParse(request.query);
    if (!parsed.success) {
      throw new Fault("invalid_argument", "gateway.costs: month does not fit; write YYYY-MM", {
        origin: "caller",
      });
    }
    const month = parsed.data.month ?? monthOf(Date.now());
    return costReport(month, source.costs(month), books());
  });
}

/** The report of a month's rows. */
export function costReport(
  month: string,
  rows: readonly CostRow[],
  books: ReadonlyMap<string, PriceBook>,
): CostReport {
  return {
    month,
    total: sum(rows),
    runtimes: group(rows, ({ runtime }) => runtime).map(([runtime, own]) =>
      Object.assign(sum(own), { runtime, grant: books.get(runtime)?.grant ?? null }),
    ),
    functions: group(rows, (row) => row.function).map(([name, own]) =>
      Object.assign(sum(own), { function: name }),
    ),
  };
}

function group(
  rows: readonly CostRow[],
  by: (row: CostRow) => string,
): readonly (readonly [string, readonly CostRow[]])[] {
  return [...Map.groupBy(rows, by)].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function sum(rows: readonly CostRow[]): CostSum {
  const of = (key: "calls" | "gbSeconds" | "vcpuSeconds" | "egressBytes" | "usd"): number =>
    rows.reduce((total, row) => total + row[key], 0);
  return {
    calls: of("calls"),
    gbSeconds: of("gbSeconds"),
    vcpuSeconds: of("vcpuSeconds"),
    egressBytes: of("egressBytes"),
    usd: of("usd"),
  };
}
