import { defineAction } from "#shared/integration";
import * as z from "zod";
import { functionName, site } from "../../client.ts";
import { readFunctionKeys, readHostKeys } from "../../functions.ts";

const Keys = z.array(
  z.object({
    /** `master` opens the whole app, `host` every function, `system` an extension. */
    kind: z.enum(["function", "host", "system", "master"]),
    name: z.string(),
    value: z.string(),
  }),
);

export const listKeys = defineAction({
  summary: "List the keys of a function, or those of the whole app",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/list-host-keys",
  scopes: [
    "Microsoft.Web/sites/host/listkeys/action",
    "Microsoft.Web/sites/functions/listkeys/action",
  ],
  effect: "read",
  input: z.object({ ...site, function: functionName.optional() }),
  output: z.object({ keys: Keys }),
  async run(api, { function: name, ...at }) {
    if (name !== undefined) {
      return { keys: listed("function", await readFunctionKeys(api, at, name)) };
    }
    const { masterKey, functionKeys, systemKeys } = await readHostKeys(api, at);
    const keys = [
      ...listed("master", { _master: masterKey }),
      ...listed("host", functionKeys ?? {}),
      ...listed("system", systemKeys ?? {}),
    ];
    return { keys };
  },
});

function listed(
  kind: z.input<typeof Keys>[number]["kind"],
  keys: Readonly<Record<string, string>>,
): z.input<typeof Keys> {
  return Object.entries(keys).map(([name, value]) => ({ kind, name, value }));
}
