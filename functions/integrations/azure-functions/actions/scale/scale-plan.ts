import { defineAction } from "#shared/integration";
import * as z from "zod";
import { planName, resourceGroup } from "../../client.ts";
import { Operation } from "../../operation.ts";

const Input = z.object({
  resourceGroup,
  plan: planName,
  /** https://learn.microsoft.com/azure/azure-functions/functions-premium-plan#available-instance-skus */
  sku: z.enum(["EP1", "EP2", "EP3"]).optional(),
  /** Instances that are there, and paid for, always. */
  capacity: z.int().min(1).max(100).optional(),
  maximumInstances: z.int().min(1).max(100).optional(),
});
export type PlanSize = z.output<typeof Input>;

export const scalePlan = defineAction({
  summary: "Set the size of a plan, its instances and up to how many it grows",
  docs: "https://learn.microsoft.com/rest/api/appservice/app-service-plans/create-or-update",
  scopes: ["Microsoft.Web/serverfarms/read", "Microsoft.Web/serverfarms/write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same size twice is the same" },
  input: Input,
  output: Operation,
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, size) => (await import("../../run/scaling.ts")).sizePlan(api, size),
});
