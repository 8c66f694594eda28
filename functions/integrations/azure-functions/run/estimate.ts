import { Fault } from "#shared/errors";
import { type Api, list, path } from "#shared/integration";
import * as z from "zod";
import type { Period } from "../actions/scale/estimate-cost.ts";
import { arm, below, sitePath } from "../client.ts";
import { consumption, flex, ListPrice, Metrics, type Plan, priceUsage, rounded } from "./costs.ts";
import { isFlex, PlanAnswer, readApp } from "../resources.ts";
import { planOf } from "./scaling.ts";

/** Prices what an app used. Throws `failed_precondition` from `caller` for an app that is not paid by executions. */
export async function estimate(api: Api, { from, to, ...at }: z.output<typeof Period>) {
  const answer = await readApp(api, at);
  const plan = isFlex(answer) ? flex : await consumptionOf(api, answer.properties.serverFarmId);
  const metrics = await api.request({
    method: "GET",
    path: below(sitePath(api, at), path`/providers/Microsoft.Insights/metrics`),
    query: {
      "api-version": "2023-10-01",
      metricnames: plan.metered.map(({ metric }) => metric).join(),
      timespan: `${from}/${to}`,
      interval: "FULL",
      aggregation: "Total",
    },
    response: Metrics,
  });
  const lines = priceUsage(plan, metrics, await readPrices(api, answer.location));
  const cost = rounded(lines.reduce((sum, line) => sum + (line.cost ?? 0), 0));
  return { currency: "USD" as const, cost, lines: [...lines] };
}

async function consumptionOf(api: Api, planId: string | null | undefined): Promise<Plan> {
  const target = planOf(api, planId);
  const { tier } = await api.request(arm({ method: "GET", path: target, response: PlanAnswer }));
  if (tier === "Dynamic") return consumption;
  throw new Fault(
    "failed_precondition",
    "azure-functions.estimate-cost: the app's plan is paid by instances, not by executions; use report-cost",
    { origin: "caller" },
  );
}

const Prices = z.object({ Items: z.array(ListPrice), NextPageLink: z.string().nullish() });

/** The vendor's public list of what functions cost in a region. */
async function readPrices(api: Api, location: string) {
  const region = location.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const $filter = `serviceName eq 'Functions' and armRegionName eq '${region}' and priceType eq 'Consumption'`;
  const { items } = await list(
    api,
    {
      method: "GET",
      host: "prices",
      path: path`/api/retail/prices`,
      query: { $filter },
      response: Prices,
    },
    {
      kind: "url",
      items: ({ Items }: z.output<typeof Prices>) => Items,
      next: ({ NextPageLink }) => NextPageLink,
      params: ["$skip"],
    },
  );
  return items;
}
