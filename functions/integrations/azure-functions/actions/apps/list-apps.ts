import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { below, groupPath, resourceGroup, subscriptionPath } from "../../client.ts";
import { App, AppAnswer, appOf, from, isFunctionApp, listOf, readList } from "../../resources.ts";

export const listApps = defineAction({
  summary: "List the function apps of the subscription or of a resource group",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/list",
  scopes: ["Microsoft.Web/sites/read"],
  effect: "read",
  input: z.object({ resourceGroup: resourceGroup.optional(), from }),
  output: listOf(App),
  async run(api, { resourceGroup: group, from: start }) {
    const parent = group === undefined ? subscriptionPath(api) : groupPath(api, group);
    const target = below(parent, path`/providers/Microsoft.Web/sites`);
    const { items, next } = await readList(api, { path: target }, AppAnswer, start);
    return { items: items.filter(isFunctionApp).map(appOf), next };
  },
});
