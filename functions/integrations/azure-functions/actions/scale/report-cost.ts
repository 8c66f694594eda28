import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app } from "../../client.ts";

export const Asked = z.object({
  resourceGroup: app.resourceGroup,
  /** Only this app and its plan, which it may share; all of the resource group when left out. */
  app: app.app.optional(),
  from: z.iso.date(),
  to: z.iso.date(),
  daily: z.boolean().default(false),
});

const Line = z.object({
  resource: z.string(),
  meter: z.string(),
  cost: z.number(),
  /** Set in a report by days. */
  day: z.iso.date().optional(),
});

export type Line = z.infer<typeof Line>;

export const reportCost = defineAction({
  summary: "Report what was billed for apps and plans, by meter; the vendor is up to a day behind",
  docs: "https://learn.microsoft.com/rest/api/cost-management/query/usage",
  scopes: ["Microsoft.CostManagement/query/action"],
  effect: "read",
  input: Asked,
  output: z.object({
    currency: z.string().optional(),
    cost: z.number(),
    lines: z.array(Line),
    /** The vendor had more lines than it gives at once; ask for less. */
    truncated: z.boolean(),
  }),
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, asked) => (await import("../../run/billing.ts")).readBill(api, asked),
});
