import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { functionName, refuseExisting, site, sitePath } from "../../client.ts";
import { change, Operation } from "../../operation.ts";
import { bindingsOf, Trigger } from "../../triggers.ts";

export const createFunction = defineAction({
  summary:
    "Create a function started by HTTP, a timer, a queue or Event Grid in an app whose files can be written",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/create-function",
  scopes: ["Microsoft.Web/sites/functions/write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a PUT of the same function; one that exists is refused before",
  },
  input: z.object({
    ...site,
    function: functionName,
    /** Its parameter is called `trigger`, what HTTP answers is the function's return value. */
    trigger: Trigger,
    /** By name beside `function.json`: an app that runs from a package takes none. */
    files: z.record(z.string().regex(/^[\w-][\w.-]{0,63}$/), z.string().max(262_144)),
  }),
  output: Operation,
  async run(api, { function: name, trigger, files, ...at }) {
    const target = sitePath(api, at, path`/functions/${name}`);
    await refuseExisting(api, target, "delete it first, or deploy a package");
    const config = { bindings: bindingsOf(trigger), disabled: false };
    return change(api, { method: "PUT", path: target, json: { properties: { config, files } } });
  },
});
