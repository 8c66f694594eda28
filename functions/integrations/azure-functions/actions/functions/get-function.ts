import { defineAction } from "#shared/integration";
import * as z from "zod";
import { functionName, site } from "../../client.ts";
import { AppFunction, readFunction } from "../../functions.ts";

export const getFunction = defineAction({
  summary: "Read a function with what starts it",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/get-function",
  scopes: ["Microsoft.Web/sites/functions/read"],
  effect: "read",
  input: z.object({ ...site, function: functionName }),
  output: AppFunction,
  run: (api, { function: name, ...at }) => readFunction(api, at, name),
});
