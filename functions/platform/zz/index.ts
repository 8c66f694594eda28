import { action } from "#shared/integration";
import { defineFunction, webhookTrigger } from "#shared/function";
import * as z from "zod";

const uses = {
  open: action("slack.open-incident", {
    input: z.looseObject({ key: z.string() }),
    output: z.object({ channel: z.string(), ts: z.string() }),
  }),
  reply: action("slack.reply-interaction", {
    input: z.object({ responseUrl: z.string(), text: z.string() }),
    output: z.object({}),
  }),
};

export const onIncident = defineFunction({
  name: "on-incident",
  summary: "Opens an incident for the command /incident",
  trigger: webhookTrigger("slack", ["slash_command"]),
  input: z.object({ command: z.string(), text: z.string(), user_id: z.string(), response_url: z.string() }),
  uses,
  async handler(ctx, { id, receivedAtMs, payload }) {
    if (payload.command !== "/incident") return;
    const roles = [{ role: "commander", user: payload.user_id }];
    const about = { title: payload.text, summary: payload.text, severity: "sev2", roles };
    const opened = await ctx.open({ key: String(receivedAtMs), ...about }, { idempotencyKey: id });
    const text = `Opened <#${opened.channel}>`;
    await ctx.reply({ responseUrl: payload.response_url, text }, { idempotencyKey: `${id}-reply` });
  },
});
