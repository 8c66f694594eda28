import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { app, arm, sitePath } from "../../client.ts";

const names = z.array(z.string().min(1).max(256)).max(200).default([]);

const Answer = z.object({
  properties: z.looseObject({ appSettingNames: z.array(z.string()).nullish() }),
});

export const pinSettings = defineAction({
  summary: "Say which app settings stay with their slot when slots are swapped",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/update-slot-configuration-names",
  scopes: ["Microsoft.Web/sites/config/Read", "Microsoft.Web/sites/config/Write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same names twice are the same" },
  input: z.object({ ...app, pin: names, release: names }),
  output: z.object({ pinned: z.array(z.string()) }),
  async run(api, { pin, release, ...at }) {
    const target = sitePath(api, at, path`/config/slotConfigNames`);
    const before = await api.request(arm({ method: "GET", path: target, response: Answer }));
    const kept = before.properties.appSettingNames ?? [];
    const appSettingNames = [...new Set([...kept, ...pin])]
      .filter((name) => !release.includes(name))
      .toSorted();
    const json = { properties: { ...before.properties, appSettingNames } };
    const after = await api.request(arm({ method: "PUT", path: target, json, response: Answer }));
    return { pinned: after.properties.appSettingNames ?? [] };
  },
});
