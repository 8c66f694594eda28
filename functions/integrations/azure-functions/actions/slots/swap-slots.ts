import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { change, Operation } from "../../operation.ts";
import { swap, swapOf, targetPath } from "../../swap.ts";

export const swapSlots = defineAction({
  summary: "Swap a slot with production or another slot, once its instances are warm",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/swap-slot-with-production",
  scopes: ["Microsoft.Web/sites/slotsswap/Action", "Microsoft.Web/sites/slots/slotsswap/Action"],
  effect: "write",
  idempotency: { kind: "none", why: "a second swap takes the first one back" },
  input: z.object(swap),
  output: Operation,
  run: (api, slots) =>
    change(api, {
      method: "POST",
      path: targetPath(api, slots, path`/slotsswap`),
      json: swapOf(slots),
      timeoutSeconds: 30,
    }),
});
