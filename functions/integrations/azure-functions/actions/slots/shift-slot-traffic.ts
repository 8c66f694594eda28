import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app, slotName } from "../../client.ts";
import { Traffic } from "../../traffic.ts";

const rules = z
  .array(z.object({ slot: slotName, percent: z.number().min(0).max(100) }))
  .max(20)
  .refine((all) => all.reduce((sum, { percent }) => sum + percent, 0) <= 100, {
    error: "more than 100 percent together",
  })
  .refine((all) => new Set(all.map(({ slot }) => slot.toLowerCase())).size === all.length, {
    error: "a slot is named twice",
  });

const Input = z.object({ ...app, traffic: rules });
export type Shift = z.output<typeof Input>;

export const shiftSlotTraffic = defineAction({
  summary: "Send a part of production's requests to slots, for a canary; none takes it all back",
  docs: "https://learn.microsoft.com/azure/app-service/deploy-staging-slots#route-production-traffic-automatically",
  scopes: ["Microsoft.Web/sites/slots/Read", "Microsoft.Web/sites/config/Write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the whole distribution is set each time" },
  input: Input,
  output: z.object({ traffic: Traffic }),
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, input) => (await import("../../run/slots.ts")).shiftTraffic(api, input),
});
