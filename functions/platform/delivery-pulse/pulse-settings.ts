import { defineFunction, httpTrigger } from "#shared/function";
import * as z from "zod";
import { settings } from "./channels.ts";

/** Sets where a repository's messages go. Messages already posted stay where they are and are still updated. */
export const pulseSettings = defineFunction({
  name: "pulse-settings",
  summary: "Sets the Slack channel of a repository's delivery messages.",
  trigger: httpTrigger("POST", "/v1/functions/pulse-settings"),
  input: z.object({
    repository: z.string().regex(/^[^/\s]+\/[^/\s]+$/, "must be owner/name"),
    /** A channel's id (`C0123456789`) or `#name`. */
    channel: z.string().regex(/^(?:[CGD][A-Z0-9]{8,}|#[^\s#<>&]{1,80})$/, "must be an id or #name"),
  }),
  uses: { settings: settings.grant("put") },
  async handler(ctx, { repository, channel }) {
    await ctx.settings.put({ repository, channel }, { ifRev: "any" });
    return { repository, channel };
  },
});
