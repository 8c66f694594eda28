import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { Done, functionName, remove, site, sitePath } from "../../client.ts";

export const deleteFunction = defineAction({
  summary: "Delete a function from an app whose files can be written",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/delete-function",
  scopes: ["Microsoft.Web/sites/functions/delete"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ ...site, function: functionName }),
  output: Done,
  run: (api, { function: name, ...at }) => remove(api, sitePath(api, at, path`/functions/${name}`)),
});
