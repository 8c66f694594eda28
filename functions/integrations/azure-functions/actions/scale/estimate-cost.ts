import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app } from "../../client.ts";

const DAY_MS = 86_400_000;
/** The vendor keeps metrics for 93 days and gives 30 of them at once. */
const MAX_DAYS = 30;

export const Period = z
  .object({ ...app, from: z.iso.datetime(), to: z.iso.datetime() })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: "ends before it begins" })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= MAX_DAYS * DAY_MS, {
    error: `is longer than ${MAX_DAYS} days`,
  });

const CostLine = z.object({
  meter: z.string(),
  /** Executions or gigabyte seconds. */
  quantity: z.number(),
  /** Of one; missing where the vendor's list has no price for the meter. */
  price: z.number().optional(),
  cost: z.number().optional(),
  /** What the whole subscription has free each month of this meter; it is not taken off. */
  freeMonthly: z.number(),
});

export type CostLine = z.infer<typeof CostLine>;

export const estimateCost = defineAction({
  summary: "Price what an app used so far, from its metrics and the vendor's list prices of today",
  docs: "https://learn.microsoft.com/azure/azure-functions/functions-consumption-costs",
  scopes: [
    "Microsoft.Web/sites/read",
    "Microsoft.Web/serverfarms/read",
    "Microsoft.Insights/Metrics/Read",
  ],
  effect: "read",
  input: Period,
  output: z.object({
    currency: z.literal("USD"),
    /** Before the monthly grant, which all apps of the subscription share; storage and network are not in it. */
    cost: z.number(),
    lines: z.array(CostLine),
  }),
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, period) => (await import("../../run/estimate.ts")).estimate(api, period),
});
