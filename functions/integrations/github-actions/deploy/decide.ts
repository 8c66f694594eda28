import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type {
  DecideDeploymentsInput,
  DecideDeploymentsOutput,
} from "../actions/environments/decide-deployments.ts";
import type {
  ListPendingDeploymentsInput,
  ListPendingDeploymentsOutput,
} from "../actions/environments/list-pending-deployments.ts";
import type {
  ListRunApprovalsInput,
  ListRunApprovalsOutput,
} from "../actions/environments/list-run-approvals.ts";
import type {
  ReviewDeploymentsInput,
  ReviewDeploymentsOutput,
} from "../actions/environments/review-deployments.ts";
import { refuse } from "../client.ts";
import { readPending, review } from "./pending.ts";
import { testConditions } from "./test-conditions.ts";

const Approval = z.object({
  environments: z.array(z.object({ name: z.string() })),
  state: z.string(),
  user: z.object({ login: z.string() }),
  comment: z.string(),
});

/** Runs `decide-deployments`. */
export async function decide(
  api: Api,
  { environment, conditions, otherwise, ...run }: DecideDeploymentsInput,
): Promise<DecideDeploymentsOutput> {
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
}

/** Runs `review-deployments`. */
export async function reviewNamed(
  api: Api,
  { environments, state, comment, ...run }: ReviewDeploymentsInput,
): Promise<ReviewDeploymentsOutput> {
  const pending = await readPending(api, run);
  const named = pending.filter(({ environment }) => environments.includes(environment.name));
  if (named.length < new Set(environments).size) {
    throw refuse("review: the run waits for fewer environments; list its pending deployments");
  }
  const environmentIds = named.map(({ environment }) => environment.id);
  await review(api, run, { environmentIds, state, comment });
  return { reviewed: named.map(({ environment }) => environment.name) };
}

/** Runs `list-pending-deployments`. */
export async function listPending(
  api: Api,
  input: ListPendingDeploymentsInput,
): Promise<ListPendingDeploymentsOutput> {
  const found = await readPending(api, input);
  const pending = found.map(({ environment, ...one }) => ({
    environmentId: environment.id,
    environment: environment.name,
    waitMinutes: one.wait_timer,
    waitStartedAt: one.wait_timer_started_at,
    canApprove: one.current_user_can_approve,
  }));
  return { pending };
}

/** Runs `list-run-approvals`. */
export async function listApprovals(
  api: Api,
  { owner, repo, runId }: ListRunApprovalsInput,
): Promise<ListRunApprovalsOutput> {
  const found = await api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/actions/runs/${runId}/approvals`,
    response: z.array(Approval),
  });
  const approvals = found.map(({ environments, user, state, comment }) => ({
    state,
    comment,
    by: user.login,
    environments: environments.map(({ name }) => name),
  }));
  return { approvals };
}
