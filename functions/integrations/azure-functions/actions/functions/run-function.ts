import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Done, functionName, site } from "../../client.ts";
import { atHost } from "../../hosts.ts";
import { readHostKeys } from "../../functions.ts";
import { readApp } from "../../resources.ts";

export const runFunction = defineAction({
  summary: "Run a function that a timer or a queue starts, now and with an input of yours",
  docs: "https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http",
  scopes: ["Microsoft.Web/sites/read", "Microsoft.Web/sites/host/listkeys/action"],
  effect: "write",
  idempotency: { kind: "none", why: "each request runs the function once" },
  input: z.object({
    ...site,
    function: functionName,
    /** What the trigger gives: a queue's message as text. */
    input: z.string().max(262_144).default(""),
  }),
  output: Done,
  async run(api, { function: name, input, ...at }) {
    const { properties } = await readApp(api, at);
    const { masterKey } = await readHostKeys(api, at);
    await api.request({
      method: "POST",
      ...atHost("app", properties.defaultHostName, `/admin/functions/${name}`),
      headers: { "x-functions-key": masterKey },
      json: { input },
      response: z.unknown(),
    });
    return {};
  },
});
