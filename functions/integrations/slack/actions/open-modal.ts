import * as z from "zod";
import { slackMethod, triggerId, View, view, ViewAnswer } from "../client.ts";

export const openModal = slackMethod("views.open", {
  summary: "Open a modal in answer to a click or a command",
  scopes: [],
  effect: "write",
  idempotency: { kind: "natural", why: "a trigger opens one view; a repeat is refused" },
  input: z.object({ triggerId, view }),
  output: View,
  answer: ViewAnswer,
});
