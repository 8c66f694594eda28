import { defineFunction, queueTrigger } from "#shared/function";
import { runUses } from "./agent-uses.ts";
import { ApprovedCall, approvedCalls } from "./stores.ts";

/** Runs what a person has approved. */
export const agentRun = defineFunction({
  name: "agent-run",
  summary: "Runs an agent's write once it was approved, and keeps its answer for the agent.",
  trigger: queueTrigger(approvedCalls),
  input: ApprovedCall,
  uses: runUses,
  // Less than the queue's visibility and the lease of a run.
  limits: { timeoutSeconds: 50 },
  async handler(ctx, { body, attempt }) {
    const { runApproved } = await import("./run-approved.ts");
    return runApproved(ctx, { id: body.id, attempt });
  },
});
