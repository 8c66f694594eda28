import { defineAction, path } from "#shared/integration";
import * as z from "zod";
import { repository, rest } from "../../client.ts";

const Runs = z.object({
  total_count: z.int(),
  workflow_runs: z.array(
    z.object({
      id: z.int(),
      name: z.string().nullish(),
      status: z.string().nullish(),
      conclusion: z.string().nullish(),
      head_branch: z.string().nullish(),
      head_sha: z.string(),
      event: z.string(),
      run_attempt: z.int().nullish(),
      html_url: z.string(),
      created_at: z.string(),
      updated_at: z.string(),
    }),
  ),
});

export const listWorkflowRuns = defineAction({
  summary: "List workflow runs of a repository, newest first",
  docs: rest("actions/workflow-runs#list-workflow-runs-for-a-repository"),
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({
    ...repository,
    /** Id or file name of one workflow. */
    workflow: z.union([z.int().positive(), z.string().min(1)]).optional(),
    branch: z.string().min(1).optional(),
    event: z.string().min(1).optional(),
    status: z.string().min(1).optional(),
    sha: z.string().min(1).optional(),
    perPage: z.int().min(1).max(100).default(30),
    page: z.int().min(1).default(1),
  }),
  output: z.object({
    total: z.int(),
    runs: z.array(
      z.object({
        id: z.int(),
        name: z.string().nullable(),
        status: z.string().nullable(),
        conclusion: z.string().nullable(),
        branch: z.string().nullable(),
        sha: z.string(),
        event: z.string(),
        attempt: z.int(),
        url: z.string(),
        createdAt: z.string(),
        updatedAt: z.string(),
      }),
    ),
  }),
  async run(api, { owner, repo, workflow, branch, event, status, sha, perPage, page }) {
    const found = await api.request({
      method: "GET",
      path:
        workflow === undefined
          ? path`/repos/${owner}/${repo}/actions/runs`
          : path`/repos/${owner}/${repo}/actions/workflows/${workflow}/runs`,
      query: { branch, event, status, head_sha: sha, per_page: perPage, page },
      response: Runs,
    });
    return {
      total: found.total_count,
      runs: found.workflow_runs.map((run) => ({
        id: run.id,
        name: run.name ?? null,
        status: run.status ?? null,
        conclusion: run.conclusion ?? null,
        branch: run.head_branch ?? null,
        sha: run.head_sha,
        event: run.event,
        attempt: run.run_attempt ?? 1,
        url: run.html_url,
        createdAt: run.created_at,
        updatedAt: run.updated_at,
      })),
    };
  },
});
