import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { below, groupPath, resourceGroup } from "../../client.ts";
import { from, listOf, Plan, PlanAnswer, readList } from "../../resources.ts";

export const listPlans = defineAction({
  summary: "List the plans of a resource group",
  docs: "https://learn.microsoft.com/rest/api/appservice/app-service-plans/list-by-resource-group",
  scopes: ["Microsoft.Web/serverfarms/read"],
  effect: "read",
  input: z.object({ resourceGroup, from }),
  output: listOf(Plan),
  run: (api, { resourceGroup: group, from: start }) => {
    const target = below(groupPath(api, group), path`/providers/Microsoft.Web/serverfarms`);
    return readList(api, { path: target }, PlanAnswer, start);
  },
});
