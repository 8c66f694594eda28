import { defineAction } from "#shared/integration";
import * as z from "zod";
import { arm, site } from "../../client.ts";
import { Plan, PlanAnswer, readApp } from "../../resources.ts";
import { FlexScale, flexScaleOf, planOf, PlanScale, readPlanScale } from "../../scale.ts";

export const readScale = defineAction({
  summary: "Read how far an app scales, what is kept ready, and the plan it runs on",
  docs: "https://learn.microsoft.com/azure/azure-functions/event-driven-scaling",
  scopes: [
    "Microsoft.Web/sites/read",
    "Microsoft.Web/sites/config/Read",
    "Microsoft.Web/serverfarms/read",
  ],
  effect: "read",
  input: z.object(site),
  output: z.object({
    plan: Plan,
    /** Of an app on Flex Consumption. */
    flex: FlexScale.optional(),
    /** Of an app on any other plan. */
    site: PlanScale.optional(),
  }),
  async run(api, at) {
    const { properties } = await readApp(api, at);
    const target = planOf(api, properties.serverFarmId);
    const plan = await api.request(arm({ method: "GET", path: target, response: PlanAnswer }));
    const flex = flexScaleOf(properties.functionAppConfig);
    return flex === undefined ? { plan, site: await readPlanScale(api, at) } : { plan, flex };
  },
});
