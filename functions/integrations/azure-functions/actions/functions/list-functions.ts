import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { site, sitePath } from "../../client.ts";
import { AppFunction, FunctionAnswer } from "../../functions.ts";
import { from, listOf, readList } from "../../resources.ts";

export const listFunctions = defineAction({
  summary: "List the functions of an app with what starts them",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/list-functions",
  scopes: ["Microsoft.Web/sites/functions/read"],
  effect: "read",
  input: z.object({ ...site, from }),
  output: listOf(AppFunction),
  run: (api, { from: start, ...at }) =>
    readList(api, { path: sitePath(api, at, path`/functions`) }, FunctionAnswer, start),
});
