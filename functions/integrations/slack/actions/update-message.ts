import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { content, Posted } from "../client.ts";

export const updateMessage = defineAction({
  summary: "Replace the text and blocks of a message the app has posted",
  docs: "https://docs.slack.dev/reference/methods/chat.update",
  scopes: ["chat:write"],
  effect: "write",
  idempotency: { kind: "natural", why: "the message is replaced as a whole" },
  input: z.object({ ...content, ts: z.string().min(1) }),
  output: Posted,
  run: (api, message) =>
    api.request({
      method: "POST",
      path: path`/chat.update`,
      json: message,
      response: Posted,
    }),
});
