import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { id, listPage, next, paging, repository } from "../../client.ts";

const State = { name: z.string(), status: z.string(), conclusion: z.string().nullable() };
const Job = z.object({
  id: z.int(),
  ...State,
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  html_url: z.string().nullable(),
  steps: z.array(z.object(State)).optional(),
});

export const listRunJobs = defineAction({
  summary: "List the jobs of a workflow run's latest attempt, with the steps that failed",
  docs: "https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({ ...repository, runId: id, ...paging }),
  output: z.object({
    jobs: z.array(
      z.object({
        id: z.int(),
        ...State,
        startedAt: z.string().nullable(),
        completedAt: z.string().nullable(),
        url: z.string().nullable(),
        failedSteps: z.array(z.string()),
      }),
    ),
    next,
  }),
  async run(api, { owner, repo, runId, ...page }) {
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
  },
});
