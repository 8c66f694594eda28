import { defineAction } from "#shared/integration";
import * as z from "zod";
import { planName, planPath, refuseExisting, resourceGroup } from "../../client.ts";
import { change, Operation } from "../../operation.ts";

/** https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code#create-the-hosting-plan */
const plans = {
  flex: { name: "FC1", tier: "FlexConsumption" },
  consumption: { name: "Y1", tier: "Dynamic" },
  "premium-1": { name: "EP1", tier: "ElasticPremium" },
  "premium-2": { name: "EP2", tier: "ElasticPremium" },
  "premium-3": { name: "EP3", tier: "ElasticPremium" },
} as const;

export const createPlan = defineAction({
  summary: "Create the plan that function apps run on and are paid by",
  docs: "https://learn.microsoft.com/rest/api/appservice/app-service-plans/create-or-update",
  scopes: ["Microsoft.Web/serverfarms/write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a PUT of the same plan; one that exists is refused before",
  },
  input: z.object({
    resourceGroup,
    plan: planName,
    location: z.string().min(1).max(64),
    kind: z.enum(["flex", "consumption", "premium-1", "premium-2", "premium-3"]),
    /** Flex Consumption has Linux only. */
    os: z.enum(["linux", "windows"]).default("linux"),
  }),
  output: Operation,
  async run(api, { resourceGroup: group, plan, location, kind, os }) {
    const target = planPath(api, group, plan);
    await refuseExisting(api, target, "use it, or change it with scale-plan");
    const json = { location, sku: plans[kind], properties: { reserved: os === "linux" } };
    return change(api, { method: "PUT", path: target, json });
  },
});
