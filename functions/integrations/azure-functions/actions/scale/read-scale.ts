import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";
import { Plan } from "../../resources.ts";
import { FlexScale, PlanScale } from "../../scale.ts";

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
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, at) => (await import("../../run/scaling.ts")).readScaling(api, at),
});
