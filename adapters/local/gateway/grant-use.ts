import type { GrantUse } from "#shared/console";
import { type OperationPrices, OPERATIONS } from "#shared/operations";
import type { PriceBook } from "#shared/routing";
import type { CostRow } from "../engine/costs.ts";

/** What a runtime and its cloud's other services give for nothing each month. */
export type Granting = { readonly prices: PriceBook; readonly operations: OperationPrices };

const BYTES_PER_GB = 2 ** 30;
/** Too little to tell a month from. */
const LEAST_ELAPSED_MS = 3_600_000;

/** The use of each grant in a month's rows of one runtime. Grants that nothing here draws on are not in it. */
export function grantUse(
  month: string,
  {
    runtime,
    granting: { prices, operations },
  }: { readonly runtime: string; readonly granting: Granting },
  rows: readonly CostRow[],
  nowMs: number,
): readonly GrantUse[] {
  const ahead = aheadOf(month, nowMs);
  const units = (kind: string): number =>
    rows.reduce((total, row) => (row.kind === kind ? total + row.units : total), 0);
  const { requests, gbSeconds, vcpuSeconds, egressGb } = prices.grant;
  const weigh = (billed: number): number => billed * prices.grantWeight;
  const own: [string, number, number][] = [
    ["requests", units("requests"), requests],
    ["gbSeconds", weigh(units("gbSeconds")), gbSeconds],
    ["vcpuSeconds", weigh(units("vcpuSeconds")), vcpuSeconds],
    ["egressGb", units("egressBytes") / BYTES_PER_GB, egressGb],
  ];
  const shared = Object.entries(operations.grants).map(([grant, granted]): (typeof own)[number] => {
    const drawing = OPERATIONS.filter((name) => operations.operations[name].grant === grant);
    return [grant, drawing.reduce((total, name) => total + units(name), 0), granted];
  });
  return [...own, ...shared].flatMap(([grant, used, granted]) =>
    granted === 0
      ? []
      : [{ runtime, grant, used, granted, share: used / granted, projected: used * ahead }],
  );
}

/** How many times what was used so far the whole month will be: 1 for a month that is over. */
function aheadOf(month: string, nowMs: number): number {
  const startMs = Date.parse(`${month}-01T00:00:00Z`);
  const start = new Date(startMs);
  const endMs = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
  const elapsedMs = Math.min(endMs, Math.max(nowMs, startMs + LEAST_ELAPSED_MS)) - startMs;
  return (endMs - startMs) / elapsedMs;
}
