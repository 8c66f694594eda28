import { Fault } from "#shared/errors";
import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type { Asked, Line } from "../actions/scale/report-cost.ts";
import { below, groupPath, resourceId, sitePath } from "../client.ts";
import { rounded } from "./costs.ts";
import { readApp } from "../resources.ts";

const Rows = z.object({
  properties: z.object({
    nextLink: z.string().nullish(),
    columns: z.array(z.object({ name: z.string() })),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  }),
});

/** Reads what was billed. */
export async function readBill(
  api: Api,
  { resourceGroup, app: name, from, to, daily }: z.output<typeof Asked>,
) {
  const dimensions = await filterOf(api, resourceGroup, name);
  const call = path`/providers/Microsoft.CostManagement/query`;
  const { properties } = await api.request({
    method: "POST",
    path: below(groupPath(api, resourceGroup), call),
    query: { "api-version": "2023-11-01" },
    json: {
      type: "ActualCost",
      timeframe: "Custom",
      timePeriod: { from: `${from}T00:00:00Z`, to: `${to}T23:59:59Z` },
      dataset: {
        granularity: daily ? "Daily" : "None",
        aggregation: { totalCost: { name: "Cost", function: "Sum" } },
        grouping: [
          { type: "Dimension", name: "ResourceId" },
          { type: "Dimension", name: "Meter" },
        ],
        filter: { dimensions },
      },
    },
    timeoutSeconds: 30,
    response: Rows,
  });
  const { columns, rows, nextLink } = properties;
  const names = columns.map((column) => column.name);
  const read = rows.map((row) => new Map(row.map((cell, index) => [names[index], cell])));
  const lines = read.map(lineOf);
  const cost = rounded(lines.reduce((sum, line) => sum + line.cost, 0));
  const currency = read[0]?.get("Currency");
  return {
    ...(typeof currency === "string" ? { currency } : {}),
    cost,
    lines,
    truncated: Boolean(nextLink),
  };
}

async function filterOf(api: Api, resourceGroup: string, name: string | undefined) {
  const operator = "In";
  if (name === undefined) {
    const values = ["microsoft.web/sites", "microsoft.web/serverfarms"];
    return { name: "ResourceType", operator, values };
  }
  const at = { resourceGroup, app: name };
  const { properties } = await readApp(api, at);
  const values = [resourceId(sitePath(api, at)), ...[properties.serverFarmId ?? []].flat()];
  return { name: "ResourceId", operator, values };
}

function lineOf(row: ReadonlyMap<string | undefined, string | number | null>): Line {
  const [cost, resource, meter] = [row.get("Cost"), row.get("ResourceId"), row.get("Meter")];
  if (typeof cost !== "number" || typeof resource !== "string" || typeof meter !== "string") {
    throw new Fault(
      "internal",
      "azure-functions.report-cost: the vendor's columns are not those asked for; compare with its documentation",
      { origin: "upstream" },
    );
  }
  // 20261121
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(String(row.get("UsageDate"))) ?? [];
  return {
    resource,
    meter,
    cost: rounded(cost),
    ...(year === undefined ? {} : { day: `${year}-${month}-${day}` }),
  };
}
