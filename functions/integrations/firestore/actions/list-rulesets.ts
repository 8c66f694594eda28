import { defineAction } from "#shared/integration";
import * as z from "zod";
import { lastOf } from "../admin.ts";
import { rulesScopes } from "../client.ts";
import { resource } from "../place.ts";
import { projectName, rulesReference, VendorRuleset } from "../rules.ts";

export const listRulesets = defineAction({
  summary: "List the project's rulesets, the newest first, to go back to one",
  docs: `${rulesReference.rulesets}/list`,
  scopes: rulesScopes,
  effect: "read",
  input: z.object({
    pageSize: z.int().min(1).max(100).default(50),
    from: z.string().min(1).optional(),
  }),
  output: z.object({
    items: z.array(z.object({ ruleset: z.string(), createTime: z.string().nullable() })),
    next: z.string().nullable(),
  }),
  async run(api, { pageSize, from }) {
    const { rulesets = [], nextPageToken } = await api.request({
      method: "GET",
      host: "rules",
      path: resource(`${projectName(api)}/rulesets`),
      query: { pageSize, pageToken: from },
      response: z.object({
        rulesets: z.array(VendorRuleset).optional(),
        nextPageToken: z.string().optional(),
      }),
    });
    return {
      items: rulesets.map(({ name, createTime }) => ({
        ruleset: lastOf(name),
        createTime: createTime ?? null,
      })),
      next: nextPageToken || null,
    };
  },
});
