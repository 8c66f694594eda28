import { defineAction } from "#shared/integration";
import * as z from "zod";
import { Done, functionName, site } from "../../client.ts";
import { mergeSettings } from "../../resources.ts";

export const setFunctionState = defineAction({
  summary: "Switch a function off, so that nothing starts it, or on again; the app restarts",
  docs: "https://learn.microsoft.com/azure/azure-functions/disable-function",
  scopes: ["Microsoft.Web/sites/config/list/action", "Microsoft.Web/sites/config/write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same setting twice is the same" },
  input: z.object({ ...site, function: functionName, enabled: z.boolean() }),
  output: Done,
  async run(api, { function: name, enabled, ...at }) {
    const setting = `AzureWebJobs.${name}.Disabled`;
    const set: Record<string, string> = enabled ? {} : { [setting]: "true" };
    await mergeSettings(api, at, { set, remove: [setting] });
    return {};
  },
});
