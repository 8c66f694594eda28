import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { app, arm, refuseExisting, sitePath, slotName } from "../../client.ts";
import { change, Operation } from "../../operation.ts";
import { readSettings, Whole } from "../../resources.ts";

export const createSlot = defineAction({
  summary: "Create a deployment slot on the plan of its app, with the app's settings if wanted",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/create-or-update-slot",
  scopes: ["Microsoft.Web/sites/slots/Write", "Microsoft.Web/sites/config/list/action"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a PUT of the same slot; one that exists is refused before",
  },
  input: z.object({ ...app, slot: slotName, copySettings: z.boolean().default(true) }),
  output: Operation,
  async run(api, { slot, copySettings, ...at }) {
    const target = sitePath(api, { ...at, slot });
    await refuseExisting(api, target, "use it, or delete it first");
    const parent = await api.request(
      arm({ method: "GET", path: sitePath(api, at, path``), response: Whole }),
    );
    const settings = copySettings ? Object.entries(await readSettings(api, at)) : [];
    const { serverFarmId, httpsOnly, reserved } = parent.properties;
    const appSettings = settings.map(([name, value]) => ({ name, value }));
    const { location, kind } = parent;
    const properties = { serverFarmId, httpsOnly, reserved, siteConfig: { appSettings } };
    return change(api, { method: "PUT", path: target, json: { location, kind, properties } });
  },
});
