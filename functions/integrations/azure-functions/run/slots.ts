import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type { NewSlot } from "../actions/slots/create-slot.ts";
import type { Pins } from "../actions/slots/pin-settings.ts";
import type { Shift } from "../actions/slots/shift-slot-traffic.ts";
import { arm, refuseExisting, sitePath } from "../client.ts";
import { change } from "../operation.ts";
import { readApp, readSettings, Whole } from "../resources.ts";
import { ConfigAnswer } from "../traffic.ts";

/** Creates a slot. Throws `already_exists` from `caller` for one that is there. */
export async function makeSlot(api: Api, { slot, copySettings, ...at }: NewSlot) {
  const target = sitePath(api, { ...at, slot });
  await refuseExisting(api, target, "use it, or delete it first");
  const parent = await api.request(
    arm({ method: "GET", path: sitePath(api, at), response: Whole }),
  );
  const settings = copySettings ? Object.entries(await readSettings(api, at)) : [];
  const { serverFarmId, httpsOnly, reserved } = parent.properties;
  const appSettings = settings.map(([name, value]) => ({ name, value }));
  const { location, kind } = parent;
  const properties = { serverFarmId, httpsOnly, reserved, siteConfig: { appSettings } };
  return change(api, { method: "PUT", path: target, json: { location, kind, properties } });
}

/** Distributes the requests of production. */
export async function shiftTraffic(api: Api, { traffic, ...at }: Shift) {
  const rampUpRules: object[] = [];
  for (const { slot, percent } of traffic.filter((rule) => rule.percent > 0)) {
    const { properties } = await readApp(api, { ...at, slot });
    rampUpRules.push({
      name: slot,
      actionHostName: properties.defaultHostName,
      reroutePercentage: percent,
    });
  }
  const call = arm({
    method: "PATCH",
    path: sitePath(api, at, path`/config/web`),
    json: { properties: { experiments: { rampUpRules } } },
    response: ConfigAnswer,
  });
  return { traffic: await api.request(call) };
}

const SlotConfig = z.object({
  properties: z.looseObject({ appSettingNames: z.array(z.string()).nullish() }),
});

/** Says which settings stay with their slot. */
export async function pin(api: Api, { pin: pinned, release, ...at }: Pins) {
  const target = sitePath(api, at, path`/config/slotConfigNames`);
  const before = await api.request(arm({ method: "GET", path: target, response: SlotConfig }));
  const kept = before.properties.appSettingNames ?? [];
  const appSettingNames = [...new Set([...kept, ...pinned])]
    .filter((name) => !release.includes(name))
    .toSorted();
  const json = { properties: { ...before.properties, appSettingNames } };
  const after = await api.request(arm({ method: "PUT", path: target, json, response: SlotConfig }));
  return { pinned: after.properties.appSettingNames ?? [] };
}
