import { defineAction } from "#shared/integration";
import * as z from "zod";
import { admin } from "../client.ts";
import { changeProvider, names } from "../providers.ts";

export const disableProvider = defineAction({
  summary: "No longer let users sign in with a provider; what was set up stays",
  docs: "https://cloud.google.com/identity-platform/docs/reference/rest/v2/projects.defaultSupportedIdpConfigs/patch",
  scopes: admin,
  effect: "write",
  idempotency: { kind: "natural", why: "a disabled provider is disabled" },
  input: z.object({ provider: names }),
  output: z.object({ provider: z.string(), existed: z.boolean() }),
  async run(api, { provider }) {
    const changed = await changeProvider(api, provider, { enabled: false });
    return { provider, existed: changed !== undefined };
  },
});
