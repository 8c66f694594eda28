import { defineAction, path, poll } from "#shared/integration";
import * as z from "zod";
import { id, repository } from "../../client.ts";

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

export const getWorkflowRun = defineAction({
  summary:
    "How a workflow run stands; waits for its end, if asked to, as long as the call may last",
  docs: "https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run",
  scopes: ["actions:read"],
  effect: "read",
  input: z.object({
    ...repository,
    runId: id,
    /** Where the run is not `done` in the end, call again. */
    wait: z.boolean().default(false),
  }),
  output: z.object({
    runId: z.int(),
    done: z.boolean(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    event: z.string(),
    branch: z.string().nullable(),
    sha: z.string(),
    attempt: z.int(),
    url: z.string(),
    updatedAt: z.string(),
  }),
  async run(api, { owner, repo, runId, wait }) {
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
  },
});
