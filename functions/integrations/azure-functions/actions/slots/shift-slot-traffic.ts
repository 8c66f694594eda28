import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { app, arm, sitePath, slotName } from "../../client.ts";
import { readApp } from "../../resources.ts";
import { ConfigAnswer, Traffic } from "../../traffic.ts";

const rules = z
  .array(z.object({ slot: slotName, percent: z.number().min(0).max(100) }))
  .max(20)
  .refine((all) => all.reduce((sum, { percent }) => sum + percent, 0) <= 100, {
    error: "more than 100 percent together",
  })
  .refine((all) => new Set(all.map(({ slot }) => slot.toLowerCase())).size === all.length, {
    error: "a slot is named twice",
  });

export const shiftSlotTraffic = defineAction({
  summary: "Send a part of production's requests to slots, for a canary; none takes it all back",
  docs: "https://learn.microsoft.com/azure/app-service/deploy-staging-slots#route-production-traffic-automatically",
  scopes: ["Microsoft.Web/sites/slots/Read", "Microsoft.Web/sites/config/Write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the whole distribution is set each time" },
  input: z.object({ ...app, traffic: rules }),
  output: z.object({ traffic: Traffic }),
  async run(api, { traffic, ...at }) {
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
  },
});
