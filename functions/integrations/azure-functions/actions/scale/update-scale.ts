import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";
import { Operation } from "../../operation.ts";
import { flexScale, planScale } from "../../scale.ts";

const Input = z.union([
  z.strictObject({ ...site, flex: z.object(flexScale).partial() }),
  z.strictObject({ ...site, plan: z.object(planScale).partial() }),
]);
export type Scaling = z.output<typeof Input>;

export const updateScale = defineAction({
  summary: "Set how far an app scales and what is kept ready; what is left out stays",
  docs: "https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to",
  scopes: [
    "Microsoft.Web/sites/read",
    "Microsoft.Web/sites/write",
    "Microsoft.Web/sites/config/Write",
  ],
  effect: "write",
  idempotency: { kind: "natural", why: "the same limits twice are the same" },
  input: Input,
  output: Operation,
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, input) => (await import("../../run/scaling.ts")).updateScaling(api, input),
});
