import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";

const Input = z.object({
  ...site,
  /** A zip with `host.json` at its top, up to 4 MB; larger ones go by deploy-from-url. */
  base64: z.base64().min(4).max(5_600_000),
  /** Install dependencies and compile on the vendor's side. Flex Consumption only; other plans go by their settings. */
  remoteBuild: z.boolean().default(false),
});
export type Package = z.output<typeof Input>;

export const deployPackage = defineAction({
  summary: "Deploy a zip package to a function app or a slot of it",
  docs: "https://learn.microsoft.com/azure/azure-functions/deployment-zip-push",
  scopes: ["Microsoft.Web/sites/read", "Microsoft.Web/sites/publish/Action"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "a repeat is a deployment of its own and restarts the app again",
  },
  input: Input,
  /** What get-deployment asks for. */
  output: z.object({ deployment: z.string() }),
  // Loaded on first use: what a function loads at its start is limited.
  run: async (api, input) => (await import("../../run/deployment.ts")).deploy(api, input),
});
