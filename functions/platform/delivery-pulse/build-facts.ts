import type * as z from "zod";
import type { CheckRunEvent, WorkflowRunEvent } from "./events.ts";
import { type Fact, firstLine, type State, type Told } from "./fact.ts";
import { commitFact } from "./source-facts.ts";

type Facts = Omit<Told, "repository">;

/** One attempt of a workflow run; a rerun is another one, so that the failed attempt still counts. */
export function workflowFacts(event: z.output<typeof WorkflowRunEvent>): Facts {
  const run = event.workflow_run;
  const commit = run.head_sha;
  const state = progress(run.status, run.conclusion);
  const fact: Fact = {
    slot: `build:${run.id}:${run.run_attempt ?? 1}`,
    kind: "build",
    name: firstLine(run.name || "workflow"),
    state,
    ...labelOf(run.conclusion),
    atMs: run.updated_at,
    weight: weights[state],
    url: run.html_url,
    startedAtMs: run.run_started_at ?? run.created_at,
    ...(run.head_branch ? { branch: run.head_branch } : {}),
  };
  return {
    facts: [commitFact(event.repository.html_url, commit, run.head_commit), { commit, fact }],
  };
}

/** A check. One of the same name in the same suite is a rerun and takes its place. */
export function checkFacts(event: z.output<typeof CheckRunEvent>): Facts {
  const check = event.check_run;
  const state = progress(check.status, check.conclusion);
  const fact: Fact = {
    slot: `check:${check.check_suite?.id ?? ""}:${firstLine(check.name)}`,
    kind: "check",
    name: firstLine(check.name),
    state,
    ...labelOf(check.conclusion),
    atMs: check.completed_at ?? check.started_at ?? 0,
    weight: weights[state],
    ...(check.html_url ? { url: check.html_url } : {}),
  };
  const commit = check.head_sha;
  return { facts: [commitFact(event.repository.html_url, commit), { commit, fact }] };
}

/** How far along a state is: what breaks the tie between two events of the same second. */
export const weights: Readonly<Record<State, number>> = {
  pending: 0,
  running: 1,
  neutral: 2,
  success: 3,
  failure: 4,
};

// https://docs.github.com/en/rest/checks/runs#create-a-check-run names the conclusions.
const conclusions: Readonly<Record<string, State>> = {
  success: "success",
  failure: "failure",
  timed_out: "failure",
  startup_failure: "failure",
  action_required: "pending",
};

function progress(status: string, conclusion: string | null | undefined): State {
  if (conclusion) return conclusions[conclusion] ?? "neutral";
  if (status === "in_progress") return "running";
  return status === "completed" ? "neutral" : "pending";
}

function labelOf(conclusion: string | null | undefined): Pick<Fact, "label"> {
  const plain = !conclusion || conclusion === "success" || conclusion === "failure";
  return plain ? {} : { label: conclusion.replaceAll("_", " ") };
}
