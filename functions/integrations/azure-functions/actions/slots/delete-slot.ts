import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app, Done, remove, sitePath, slotName } from "../../client.ts";

export const deleteSlot = defineAction({
  summary: "Delete a deployment slot",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/delete-slot",
  scopes: ["Microsoft.Web/sites/slots/Delete"],
  effect: "write",
  idempotency: { kind: "natural", why: "what is gone stays gone" },
  input: z.object({ ...app, slot: slotName }),
  output: Done,
  run: (api, at) => remove(api, sitePath(api, at), { deleteEmptyServerFarm: false }),
});
