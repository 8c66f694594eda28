import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { app, sitePath } from "../../client.ts";
import { App, AppAnswer, appOf, from, listOf, readList } from "../../resources.ts";

export const listSlots = defineAction({
  summary: "List the deployment slots of an app beside production",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/list-slots",
  scopes: ["Microsoft.Web/sites/slots/Read"],
  effect: "read",
  input: z.object({ ...app, from }),
  output: listOf(App),
  async run(api, { from: start, ...at }) {
    const target = sitePath(api, at, path`/slots`);
    const { items, next } = await readList(api, { path: target }, AppAnswer, start);
    return { items: items.map(appOf), next };
  },
});
