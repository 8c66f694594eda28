import { defineAction } from "#shared/integration";
import * as z from "zod";
import { lastOf } from "../admin.ts";
import { rulesScopes } from "../client.ts";
import { resource } from "../place.ts";
import { projectName, rulesReference, rulesText, sourceOf, VendorRuleset } from "../rules.ts";

export const createRuleset = defineAction({
  summary: "Store security rules, which are in force only when they are released",
  docs: `${rulesReference.rulesets}/create`,
  scopes: rulesScopes,
  effect: "write",
  idempotency: { kind: "none", why: "the API takes no key; a second call stores a second ruleset" },
  input: z.object({ rules: rulesText }),
  /** For release-ruleset. */
  output: z.object({ ruleset: z.string(), createTime: z.string().nullable() }),
  async run(api, { rules }) {
    const { name, createTime } = await api.request({
      method: "POST",
      host: "rules",
      path: resource(`${projectName(api)}/rulesets`),
      json: { source: sourceOf(rules) },
      response: VendorRuleset,
    });
    return { ruleset: lastOf(name), createTime: createTime ?? null };
  },
});
