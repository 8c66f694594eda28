import { defineAction } from "#shared/integration";
import * as z from "zod";
import { app } from "../../client.ts";

const names = z.array(z.string().min(1).max(256)).max(200).default([]);

const Input = z.object({ ...app, pin: names, release: names });
export type Pins = z.output<typeof Input>;

export const pinSettings = defineAction({
  summary: "Say which app settings stay with their slot when slots are swapped",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/update-slot-configuration-names",
  scopes: ["Microsoft.Web/sites/config/Read", "Microsoft.Web/sites/config/Write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the same names twice are the same" },
  input: Input,
  output: z.object({ pinned: z.array(z.string()) }),
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, input) => (await import("../../run/slots.ts")).pin(api, input),
});
