import { defineAction } from "#shared/integration";
import * as z from "zod";
import { environmentName, id, repository } from "../../client.ts";
import { Conditions } from "../../deploy/conditions.ts";

const Decision = z.object({
  /** `nothing`: the run does not wait for this environment. */
  decision: z.enum(["approved", "rejected", "waiting", "nothing"]),
  unmet: z.array(z.string()),
  open: z.array(z.string()),
});

const input = z.object({
  ...repository,
  runId: id,
  environment: environmentName,
  conditions: Conditions,
  otherwise: z.enum(["wait", "reject"]).default("wait"),
});

const output = Decision;

export type DecideDeploymentsInput = z.output<typeof input>;
export type DecideDeploymentsOutput = z.input<typeof output>;

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
  input,
  output,
  run: async (api, given) => (await import("../../deploy/decide.ts")).decide(api, given),
});
