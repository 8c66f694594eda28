import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app, Done, remove, sitePath } from "../../client.ts";

export const deleteApp = defineAction({
  summary: "Delete a function app with its slots; its plan and storage stay",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/delete",
  scopes: ["Microsoft.Web/sites/delete"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object(app),
  output: Done,
  // Otherwise the plan goes with its last app: https://learn.microsoft.com/rest/api/appservice/web-apps/delete#uri-parameters
  run: (api, at) => remove(api, sitePath(api, at), { deleteEmptyServerFarm: false }),
});
