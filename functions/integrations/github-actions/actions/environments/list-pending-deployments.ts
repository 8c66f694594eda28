import { defineAction } from "#shared/integration";
import * as z from "zod";
import { id, repository } from "../../client.ts";
import { readPending } from "../../deploy/pending.ts";

export const listPendingDeployments = defineAction({
  summary: "List the environments whose protection a workflow run waits for",
  docs: "https://docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({ ...repository, runId: id }),
  output: z.object({
    pending: z.array(
      z.object({
        environmentId: z.int(),
        environment: z.string(),
        waitMinutes: z.int(),
        waitStartedAt: z.string().nullable(),
        canApprove: z.boolean(),
      }),
    ),
  }),
  async run(api, input) {
    const found = await readPending(api, input);
    const pending = found.map(({ environment, ...one }) => ({
      environmentId: environment.id,
      environment: environment.name,
      waitMinutes: one.wait_timer,
      waitStartedAt: one.wait_timer_started_at,
      canApprove: one.current_user_can_approve,
    }));
    return { pending };
  },
});
