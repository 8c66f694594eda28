import * as z from "zod";
import { slackMethod, View, view, ViewAnswer } from "../client.ts";

export const updateModal = slackMethod("views.update", {
  summary: "Replace what an open modal shows",
  scopes: [],
  effect: "write",
  idempotency: { kind: "natural", why: "the view is replaced as a whole" },
  /** With the hash of the view that was seen, a newer one is not overwritten. */
  input: z.object({ viewId: z.string().min(1), view, hash: z.string().optional() }),
  output: View,
  answer: ViewAnswer,
});
