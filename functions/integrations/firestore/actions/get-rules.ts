import { defineAction } from "#shared/integration";
import * as z from "zod";
import { lastOf } from "../admin.ts";
import { rulesScopes } from "../client.ts";
import { resource } from "../place.ts";
import { releaseName, rulesReference, VendorRelease, VendorRuleset } from "../rules.ts";

export const getRules = defineAction({
  summary: "Read the security rules that are in force",
  docs: `${rulesReference.releases}/get`,
  scopes: rulesScopes,
  effect: "read",
  input: z.object({}),
  output: z.object({
    ruleset: z.string(),
    /** Since when they are in force. */
    updateTime: z.string().nullable(),
    files: z.array(z.object({ name: z.string(), content: z.string() })),
  }),
  async run(api) {
    const { rulesetName, updateTime } = await api.request({
      method: "GET",
      host: "rules",
      path: resource(releaseName(api)),
      response: VendorRelease,
    });
    const { source } = await api.request({
      method: "GET",
      host: "rules",
      path: resource(rulesetName),
      response: VendorRuleset,
    });
    return {
      ruleset: lastOf(rulesetName),
      updateTime: updateTime ?? null,
      files: source?.files ?? [],
    };
  },
});
