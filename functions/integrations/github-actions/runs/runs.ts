import { type Api, path, poll } from "#shared/integration";
import * as z from "zod";
import type { ListActivityInput, ListActivityOutput } from "../actions/repository/list-activity.ts";
import type {
  GetWorkflowRunInput,
  GetWorkflowRunOutput,
} from "../actions/runs/get-workflow-run.ts";
import type { ListRunJobsInput, ListRunJobsOutput } from "../actions/runs/list-run-jobs.ts";
import type { ListWorkflowsInput, ListWorkflowsOutput } from "../actions/runs/list-workflows.ts";
import { listPage } from "../pages/list-page.ts";

const Run = z.object({
  id: z.int(),
  name: z.string().nullish(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  event: z.string(),
  head_branch: z.string().nullable(),
  head_sha: z.string(),
  run_attempt: z.int().optional(),
  html_url: z.string(),
  updated_at: z.string(),
});

const State = { name: z.string(), status: z.string(), conclusion: z.string().nullable() };
const Job = z.object({
  id: z.int(),
  ...State,
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  html_url: z.string().nullable(),
  steps: z.array(z.object(State)).optional(),
});

const Workflow = z.object({ id: z.int(), name: z.string(), path: z.string(), state: z.string() });

const Activity = z.object({
  id: z.int(),
  before: z.string(),
  after: z.string(),
  ref: z.string(),
  timestamp: z.string(),
  activity_type: z.string(),
  actor: z.object({ login: z.string() }).nullable(),
});

/** Runs `get-workflow-run`. */
export async function readRun(
  api: Api,
  { owner, repo, runId, wait }: GetWorkflowRunInput,
): Promise<GetWorkflowRunOutput> {
  const { done, state } = await poll(
    api,
    { method: "GET", path: path`/repos/${owner}/${repo}/actions/runs/${runId}`, response: Run },
    {
      done: ({ status }) => status === "completed",
      firstWaitMs: 5_000,
      ...(wait ? {} : { maxWaitMs: 0 }),
    },
  );
  const { status, conclusion, event } = state;
  return {
    runId: state.id,
    done,
    status,
    conclusion,
    event,
    branch: state.head_branch,
    sha: state.head_sha,
    attempt: state.run_attempt ?? 1,
    url: state.html_url,
    updatedAt: state.updated_at,
  };
}

/** Runs `list-run-jobs`. */
export async function listJobs(
  api: Api,
  { owner, repo, runId, ...page }: ListRunJobsInput,
): Promise<ListRunJobsOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/actions/runs/${runId}/jobs`,
    query: { filter: "latest" },
    response: z.object({ jobs: z.array(Job) }),
    items: ({ jobs }) => jobs,
  });
  const jobs = found.items.map(({ steps = [], started_at, completed_at, html_url, ...job }) => ({
    ...job,
    startedAt: started_at,
    completedAt: completed_at,
    url: html_url,
    failedSteps: steps.flatMap((step) => (step.conclusion === "failure" ? [step.name] : [])),
  }));
  return { jobs, next: found.next };
}

/** Runs `list-workflows`. */
export async function listWorkflows(
  api: Api,
  { owner, repo, ...page }: ListWorkflowsInput,
): Promise<ListWorkflowsOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/actions/workflows`,
    response: z.object({ workflows: z.array(Workflow) }),
    items: ({ workflows }) => workflows,
  });
  return { workflows: [...found.items], next: found.next };
}

/** Runs `list-activity`. */
export async function listActivity(
  api: Api,
  { owner, repo, period, type, ref, actor, ...page }: ListActivityInput,
): Promise<ListActivityOutput> {
  const found = await listPage(api, {
    ...page,
    path: path`/repos/${owner}/${repo}/activity`,
    query: { ref, actor, time_period: period, activity_type: type },
    params: ["after"],
    response: z.array(Activity),
    items: (activities) => activities,
  });
  const activities = found.items.map(({ timestamp, activity_type, ...one }) => ({
    ...one,
    type: activity_type,
    actor: one.actor?.login ?? null,
    at: timestamp,
  }));
  return { activities, next: found.next };
}
