import * as z from "zod";
import type { CostLine } from "../actions/scale/estimate-cost.ts";

/** A list price as the vendor publishes it: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices */
export const ListPrice = z.object({
  productName: z.string(),
  meterName: z.string(),
  unitOfMeasure: z.string(),
  tierMinimumUnits: z.number(),
  retailPrice: z.number(),
  currencyCode: z.string(),
});
type ListPrice = z.output<typeof ListPrice>;

/** A metric of an app, the meter that it is billed by, and how many of the metric's units one of the meter's is. */
type Metered = { readonly metric: string; readonly meter: string; readonly per: number };

/** Megabyte milliseconds in a gigabyte second, as the vendor counts. */
const PER_GB_SECOND = 1_024_000;

/** https://learn.microsoft.com/azure/azure-functions/functions-consumption-costs */
export const consumption: Plan = {
  product: "Functions",
  metered: [
    { metric: "FunctionExecutionCount", meter: "Standard Total Executions", per: 1 },
    { metric: "FunctionExecutionUnits", meter: "Standard Execution Time", per: PER_GB_SECOND },
  ],
};

/** https://learn.microsoft.com/azure/azure-functions/functions-consumption-costs?tabs=flex-consumption-plan */
export const flex: Plan = {
  product: "Flex Consumption",
  metered: [
    { metric: "OnDemandFunctionExecutionCount", meter: "On Demand Total Executions", per: 1 },
    {
      metric: "OnDemandFunctionExecutionUnits",
      meter: "On Demand Execution Time",
      per: PER_GB_SECOND,
    },
    { metric: "AlwaysReadyFunctionExecutionCount", meter: "Always Ready Total Executions", per: 1 },
    {
      metric: "AlwaysReadyFunctionExecutionUnits",
      meter: "Always Ready Execution Time",
      per: PER_GB_SECOND,
    },
    { metric: "AlwaysReadyUnits", meter: "Always Ready Baseline", per: PER_GB_SECOND },
  ],
};

/** What apps of a plan are billed by. */
export type Plan = { readonly product: string; readonly metered: readonly Metered[] };

/** https://learn.microsoft.com/rest/api/monitor/metrics/list */
export const Metrics = z.object({
  value: z.array(
    z.object({
      name: z.object({ value: z.string() }),
      timeseries: z.array(z.object({ data: z.array(z.object({ total: z.number().nullish() })) })),
    }),
  ),
});

/** What was used, at the vendor's list prices. */
export function priceUsage(
  { product, metered }: Plan,
  { value: metrics }: z.output<typeof Metrics>,
  prices: readonly ListPrice[],
): readonly CostLine[] {
  return metered.map(({ metric, meter, per }) => {
    const series = metrics.filter(({ name }) => name.value.toLowerCase() === metric.toLowerCase());
    const totals = series.flatMap(({ timeseries }) => timeseries.flatMap(({ data }) => data));
    const quantity = totals.reduce((sum, { total }) => sum + (total ?? 0), 0) / per;
    const steps = prices
      .filter((one) => one.productName === product && one.meterName === meter)
      .toSorted((one, other) => one.tierMinimumUnits - other.tierMinimumUnits);
    const paid = steps.find(({ retailPrice }) => retailPrice > 0);
    if (paid === undefined) return { meter, quantity, freeMonthly: 0 };
    const each = unitOf(paid.unitOfMeasure);
    const price = paid.retailPrice / each;
    const freeMonthly = paid.tierMinimumUnits * each;
    return { meter, quantity, price, cost: rounded(quantity * price), freeMonthly };
  });
}

/** How many one unit of a price is: `10`, `1 GB Second`, `1M`. */
function unitOf(text: string): number {
  const [, digits = "1", suffix = ""] = /^([\d,.]+)\s*([KM]?)\b/.exec(text) ?? [];
  const factor = suffix === "M" ? 1_000_000 : suffix === "K" ? 1_000 : 1;
  const count = Number(digits.replaceAll(",", "")) * factor;
  return count > 0 ? count : 1;
}

/** To a millionth of the currency, which is less than anything is billed by. */
export function rounded(amount: number): number {
  return Math.round(amount * 1_000_000) / 1_000_000;
}
