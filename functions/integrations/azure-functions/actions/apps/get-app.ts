import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";
import { App, appOf, readApp } from "../../resources.ts";

export const getApp = defineAction({
  summary: "Read a function app or a slot of it",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/get",
  scopes: ["Microsoft.Web/sites/read"],
  effect: "read",
  input: z.object(site),
  output: App,
  run: async (api, at) => appOf(await readApp(api, at)),
});
