import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository } from "../../client.ts";
import { Conditions, testConditions } from "../../deploy/conditions.ts";
import { readPending, review } from "../../deploy/pending.ts";

const Decision = z.object({
  /** `nothing`: the run does not wait for this environment. */
  decision: z.enum(["approved", "rejected", "waiting", "nothing"]),
  unmet: z.array(z.string()),
  open: z.array(z.string()),
});

export const decideDeployments = defineAction({
  summary:
    "Approve a waiting deployment if conditions hold (refs, actors, checks), and reject it, if asked to, if not",
  docs: "https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/review-deployments",
  scopes: ["actions:read", "checks:read", "deployments:write"],
  effect: "write",
  idempotency: {
    kind: "none",
    why: "GitHub takes no key; a repeat finds nothing that waits and decides nothing",
  },
  input: z.object({
    ...repository,
    runId: id,
    environment: environmentName,
    conditions: Conditions,
    otherwise: z.enum(["wait", "reject"]).default("wait"),
  }),
  output: Decision,
  async run(
    api,
    { environment, conditions, otherwise, ...run },
  ): Promise<z.output<typeof Decision>> {
    const pending = await readPending(api, run);
    const found = pending.find((one) => one.environment.name === environment);
    if (found === undefined) return { decision: "nothing", unmet: [], open: [] };
    const { unmet, open } = await testConditions(api, run, conditions);
    const rejected = unmet.length > 0 && otherwise === "reject";
    const holds = unmet.length + open.length === 0;
    if (!holds && !rejected) return { decision: "waiting", unmet, open };
    const state = holds ? "approved" : "rejected";
    await review(api, run, {
      environmentIds: [found.environment.id],
      state,
      comment: holds ? "All conditions hold" : `Not met: ${unmet.join(", ")}`.slice(0, 1_000),
    });
    return { decision: state, unmet, open };
  },
});
