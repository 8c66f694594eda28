import * as z from "zod";
import { slackMethod, user, View, view, ViewAnswer } from "../client.ts";

export const publishHome = slackMethod("views.publish", {
  summary: "Replace what a person sees in the app's home tab",
  scopes: [],
  effect: "write",
  idempotency: { kind: "natural", why: "the view is replaced as a whole" },
  input: z.object({ userId: user, view, hash: z.string().optional() }),
  output: View,
  answer: ViewAnswer,
});
