import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { from, listOf, readList } from "../../resources.ts";
import { swap, swapOf, targetPath } from "../../swap.ts";

/** The values stay with the vendor: settings are secrets. */
const Difference = z.object({
  setting: z.string(),
  kind: z.string(),
  /** What a swap does with it, in the vendor's words. */
  rule: z.string(),
  /** `Information`, `Warning` or `Error`. */
  level: z.string(),
  description: z.string().optional(),
});

const Answer = z
  .object({
    properties: z.object({
      level: z.string(),
      settingType: z.string(),
      diffRule: z.string(),
      settingName: z.string(),
      description: z.string().nullish(),
    }),
  })
  .transform(({ properties }) => ({
    setting: properties.settingName,
    kind: properties.settingType,
    rule: properties.diffRule,
    level: properties.level,
    description: properties.description ?? undefined,
  }));

export const compareSlots = defineAction({
  summary: "Tell which settings differ between two slots before they are swapped",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/list-slot-differences-from-production",
  scopes: ["Microsoft.Web/sites/slotsdiffs/Action"],
  effect: "read",
  input: z.object({ ...swap, from }),
  output: listOf(Difference),
  run: (api, { from: start, ...slots }) => {
    const target = targetPath(api, slots, path`/slotsdiffs`);
    return readList(api, { method: "POST", path: target, json: swapOf(slots) }, Answer, start);
  },
});
