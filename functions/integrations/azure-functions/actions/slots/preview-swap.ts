import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { arm, Done, Nothing, sitePath } from "../../client.ts";
import { swap } from "../../swap.ts";

export const previewSwap = defineAction({
  summary: "Give a slot the settings of the slot it is to replace, to try it before swap-slots",
  docs: "https://learn.microsoft.com/azure/app-service/deploy-staging-slots#swap-with-preview-multi-phase-swap",
  scopes: ["Microsoft.Web/sites/slots/applySlotConfig/Action"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same settings are applied again" },
  input: z.object(swap),
  output: Done,
  async run(api, { target, ...at }) {
    const json = { targetSlot: target ?? "production", preserveVnet: true };
    const call = sitePath(api, at, path`/applySlotConfig`);
    await api.request(arm({ method: "POST", path: call, json, response: Nothing }));
    return {};
  },
});
