import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { app, arm, Done, Nothing, sitePath, slotName } from "../../client.ts";

export const cancelSwap = defineAction({
  summary: "Give a slot its own settings back after preview-swap",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/reset-slot-configuration-slot",
  scopes: ["Microsoft.Web/sites/slots/resetSlotConfig/Action"],
  effect: "write",
  idempotency: { kind: "natural", why: "a slot with its own settings keeps them" },
  input: z.object({ ...app, slot: slotName }),
  output: Done,
  async run(api, at) {
    const target = sitePath(api, at, path`/resetSlotConfig`);
    await api.request(arm({ method: "POST", path: target, response: Nothing }));
    return {};
  },
});
