import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { arm, Done, Nothing, site, sitePath } from "../../client.ts";

export const syncTriggers = defineAction({
  summary: "Tell the scaling of an app which triggers it has, after its package or files changed",
  docs: "https://learn.microsoft.com/azure/azure-functions/functions-deployment-technologies#trigger-syncing",
  scopes: ["Microsoft.Web/sites/syncfunctiontriggers/action"],
  effect: "write",
  idempotency: { kind: "natural", why: "the triggers are read anew each time" },
  input: z.object(site),
  output: Done,
  async run(api, at) {
    const target = sitePath(api, at, path`/syncfunctiontriggers`);
    await api.request(arm({ method: "POST", path: target, response: Nothing }));
    return {};
  },
});
