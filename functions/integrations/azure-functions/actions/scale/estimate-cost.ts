import { Fault } from "#shared/errors";
import { type Api, defineAction, list, path } from "#shared/integration";
import * as z from "zod";
import { app, arm, below, sitePath } from "../../client.ts";
import {
  consumption,
  CostLine,
  flex,
  ListPrice,
  Metrics,
  metricsPath,
  type Plan,
  priceUsage,
  rounded,
} from "../../costs.ts";
import { isFlex, PlanAnswer, readApp } from "../../resources.ts";
import { planOf } from "../../scale.ts";

const DAY_MS = 86_400_000;
/** The vendor keeps metrics for 93 days and gives 30 of them at once. */
const MAX_DAYS = 30;

const Period = z
  .object({ ...app, from: z.iso.datetime(), to: z.iso.datetime() })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: "ends before it begins" })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= MAX_DAYS * DAY_MS, {
    error: `is longer than ${MAX_DAYS} days`,
  });

export const estimateCost = defineAction({
  summary: "Price what an app used so far, from its metrics and the vendor's list prices of today",
  docs: "https://learn.microsoft.com/azure/azure-functions/functions-consumption-costs",
  scopes: [
    "Microsoft.Web/sites/read",
    "Microsoft.Web/serverfarms/read",
    "Microsoft.Insights/Metrics/Read",
  ],
  effect: "read",
  input: Period,
  output: z.object({
    currency: z.literal("USD"),
    /** Before the monthly grant, which all apps of the subscription share; storage and network are not in it. */
    cost: z.number(),
    lines: z.array(CostLine),
  }),
  async run(api, { from, to, ...at }) {
    const answer = await readApp(api, at);
    const plan = isFlex(answer) ? flex : await consumptionOf(api, answer.properties.serverFarmId);
    const metrics = await api.request({
      method: "GET",
      path: below(sitePath(api, at), metricsPath),
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
  },
});

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
