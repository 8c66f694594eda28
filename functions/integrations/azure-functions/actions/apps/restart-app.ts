import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { arm, Done, Nothing, site, sitePath } from "../../client.ts";

export const restartApp = defineAction({
  summary: "Restart a function app or a slot of it",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/restart",
  scopes: ["Microsoft.Web/sites/restart/Action"],
  effect: "write",
  idempotency: { kind: "none", why: "a second restart interrupts what the first one started" },
  input: z.object(site),
  output: Done,
  async run(api, at) {
    const target = sitePath(api, at, path`/restart`);
    await api.request(arm({ method: "POST", path: target, response: Nothing }));
    return {};
  },
});
