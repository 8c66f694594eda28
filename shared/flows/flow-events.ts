import { topic } from "#shared/topic";
import * as z from "zod";

/** What all flows tell; functions start on it with `topicTrigger(flowEvents, ["flow.finished"])`. */
export const flowEvents = topic("flow-events", {
  events: {
    "flow.finished": z.object({
      flow: z.string(),
      /** Of the invocation, as the caller got it. */
      run: z.string(),
      outcome: z.enum(["succeeded", "failed"]),
      /** The code of the fault, of a flow that failed. */
      code: z.string().optional(),
      chunks: z.int(),
      tookMs: z.number(),
      traceId: z.string(),
    }),
  },
});
