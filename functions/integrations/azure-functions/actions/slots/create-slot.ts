import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app, slotName } from "../../client.ts";
import { Operation } from "../../operation.ts";

const Input = z.object({ ...app, slot: slotName, copySettings: z.boolean().default(true) });
export type NewSlot = z.output<typeof Input>;

export const createSlot = defineAction({
  summary: "Create a deployment slot on the plan of its app, with the app's settings if wanted",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/create-or-update-slot",
  scopes: ["Microsoft.Web/sites/slots/Write", "Microsoft.Web/sites/config/list/action"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "a PUT of the same slot; one that exists is refused before",
  },
  input: Input,
  output: Operation,
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, input) => (await import("../../run/slots.ts")).makeSlot(api, input),
});
