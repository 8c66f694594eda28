import * as z from "zod";
import { slackMethod, triggerId, View, view, ViewAnswer } from "../client.ts";

export const pushModal = slackMethod("views.push", {
  summary: "Put another modal onto one that is open",
  scopes: [],
  effect: "write",
  idempotency: { kind: "natural", why: "a trigger opens one view; a repeat is refused" },
  input: z.object({ triggerId, view }),
  output: View,
  answer: ViewAnswer,
});
