import { defineAction } from "#shared/integration";
import * as z from "zod";
import { site } from "../../client.ts";
import { mergeSettings } from "../../resources.ts";

const name = z.string().min(1).max(256);

export const updateSettings = defineAction({
  summary: "Set and remove app settings, such as the connections of triggers; the app restarts",
  docs: "https://learn.microsoft.com/rest/api/appservice/web-apps/update-application-settings",
  scopes: ["Microsoft.Web/sites/config/list/action", "Microsoft.Web/sites/config/write"],
  effect: "write",
  idempotency: {
    kind: "natural",
    why: "the same settings twice are the same; two callers at once may undo each other, as the vendor takes no precondition",
  },
  input: z.object({
    ...site,
    set: z.record(name, z.string()).default({}),
    remove: z.array(name).max(200).default([]),
  }),
  /** The values are secrets and stay with the vendor. */
  output: z.object({ names: z.array(z.string()) }),
  run: (api, { set, remove, ...at }) => mergeSettings(api, at, { set, remove }),
});
