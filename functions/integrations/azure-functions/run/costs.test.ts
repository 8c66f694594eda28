import { describe, expect, it } from "vitest";
import { runAction } from "../run-action.conformance.ts";
import { consumption, flex, priceUsage } from "./costs.ts";
import estimate from "../fixtures/estimate-cost.json" with { type: "json" };

const at = { resourceGroup: "orders-rg", app: "orders-fn" };

const metric = (value: string, ...totals: readonly (number | null)[]) => ({
  name: { value },
  timeseries: [{ data: totals.map((total) => ({ total })) }],
});

const price = (
  meterName: string,
  unitOfMeasure: string,
  tierMinimumUnits: number,
  retailPrice: number,
) => ({
  productName: "Flex Consumption",
  meterName,
  unitOfMeasure,
  tierMinimumUnits,
  retailPrice,
  currencyCode: "USD",
});

const period = async (from: string, to: string) =>
  (await runAction("estimate-cost", { ...at, from, to }, [])).status;

describe("prices", () => {
  it("are the first that is not free, in the unit of the meter", () => {
    const usage = {
      value: [
        metric("OnDemandFunctionExecutionCount", 1_000_000, null, 500_000),
        metric("OnDemandFunctionExecutionUnits", 1_024_000 * 1_000),
      ],
    };
    const list = [
      price("On Demand Total Executions", "10", 25_000, 0.000_004),
      price("On Demand Total Executions", "10", 0, 0),
      price("On Demand Execution Time", "1 GB Second", 100_000, 0.000_026),
    ];
    expect(priceUsage(flex, usage, list).slice(0, 2)).toEqual([
      expect.objectContaining({ quantity: 1_500_000, cost: 0.6, freeMonthly: 250_000 }),
      expect.objectContaining({ quantity: 1_000, cost: 0.026, freeMonthly: 100_000 }),
    ]);
  });

  it("that the vendor does not list are not guessed", () => {
    const lines = priceUsage(consumption, { value: [metric("FunctionExecutionCount", 5)] }, []);
    expect(lines[0]).toEqual({ meter: "Standard Total Executions", quantity: 5, freeMonthly: 0 });
  });

  it("do not exist for plans that are paid by instances", async () => {
    const [app, plan] = estimate.exchanges.map(({ response }) => ({ json: response.json }));
    const premium = {
      ...Object(plan?.json),
      sku: { name: "EP1", tier: "ElasticPremium", capacity: 1 },
    };
    const answers = [app ?? {}, { json: premium }];
    const { body } = await runAction("estimate-cost", estimate.input, answers);
    expect(body).toMatchObject({
      code: "failed_precondition",
      detail: expect.stringContaining("report-cost"),
    });
  });

  it("are for a period of at most 30 days that does not run backwards", async () => {
    expect(await period("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")).toBe(400);
    expect(await period("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z")).toBe(400);
  });
});
