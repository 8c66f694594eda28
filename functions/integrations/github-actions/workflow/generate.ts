import type { Step } from "../deploy/rollout.ts";
import { stepsOf } from "../deploy/steps.ts";
import type { WorkflowOptions } from "./options.ts";
import {
  analyse,
  build,
  checkout,
  fetchBuilt,
  prepare,
  scanImage,
  type Steps,
  test,
  uses,
  versionsOf,
} from "./steps.ts";
import { renderYaml, type Yaml } from "./yaml.ts";

type Job = { readonly [name: string]: Yaml };
type Jobs = { readonly [id: string]: Job };

/**
 * Writes a workflow file. The token may do nothing by default, and each job only what it needs
 * (https://docs.github.com/actions/reference/security/secure-use#use-least-privilege); actions are pinned.
 */
export function generateYaml(options: WorkflowOptions): string {
  const checks = { ...buildJobs(options), ...scanJobs(options) };
  return renderYaml({
    name: options.name,
    on: triggers(options.on),
    permissions: {},
    concurrency: {
      group: "${{ github.workflow }}-${{ github.ref }}",
      // A deployment is never broken off; a superseded check of a pull request is.
      "cancel-in-progress":
        options.deploy === undefined ? "${{ github.event_name == 'pull_request' }}" : false,
    },
    jobs: { ...checks, ...deployJobs(options, Object.keys(checks)) },
  });
}

function some(list: readonly string[]): Yaml {
  return list.length === 0 ? undefined : list;
}

function triggers({ push, pullRequest, tags, schedule, dispatch }: WorkflowOptions["on"]): Job {
  const pushed = push.length + tags.length > 0;
  return {
    push: pushed ? { branches: some(push), tags: some(tags) } : undefined,
    pull_request: pullRequest.length === 0 ? undefined : { branches: pullRequest },
    schedule: some(schedule) && schedule.map((cron) => ({ cron })),
    workflow_dispatch: dispatch ? {} : undefined,
  };
}

function job({ runner, timeoutMinutes }: WorkflowOptions, rest: Job, steps: Steps): Job {
  const { name, needs, if: condition, permissions = { contents: "read" }, ...more } = rest;
  return {
    name,
    needs,
    if: condition,
    "runs-on": runner,
    "timeout-minutes": timeoutMinutes,
    permissions,
    ...more,
    steps,
  };
}

function buildJobs(options: WorkflowOptions): Jobs {
  const versions = versionsOf(options);
  const last = versions.at(-1) ?? "";
  const many = versions.length > 1;
  const matrix = { strategy: { "fail-fast": false, matrix: { version: versions } } };
  const tested = many ? "${{ matrix.version }}" : last;
  const { jobs } = options;
  return {
    ...(jobs.includes("build")
      ? { build: job(options, {}, [...prepare(options, last), ...build(options)]) }
      : {}),
    ...(jobs.includes("test")
      ? {
          test: job(options, many ? matrix : {}, [...prepare(options, tested), ...test(options)]),
        }
      : {}),
  };
}

function scanJobs(options: WorkflowOptions): Jobs {
  if (!options.jobs.includes("scan")) return {};
  // Private repositories need `actions: read` beside: https://github.com/github/codeql-action#workflow-permissions
  const permissions = { actions: "read", contents: "read", "security-events": "write" };
  const onPullRequest = { if: "github.event_name == 'pull_request'" };
  const review = [
    ...checkout(options),
    {
      uses: uses(options, "actions/dependency-review-action"),
      with: { "fail-on-severity": "high" },
    },
  ];
  return {
    analyse: job(options, { permissions }, analyse(options)),
    ...(options.stack === "docker"
      ? { "scan-image": job(options, { permissions }, scanImage(options)) }
      : {}),
    "review-dependencies": job(options, onPullRequest, review),
  };
}

/** A job per step, each after the one before it, and one that goes back when any of them has failed. */
function deployJobs(options: WorkflowOptions, checks: readonly string[]): Jobs {
  const { deploy } = options;
  if (deploy === undefined) return {};
  const steps = stepsOf(deploy.strategy);
  const ids = steps.map((_, index) => `deploy-${index + 1}`);
  const jobs = steps.map((step, index) => {
    const before = index === 0 ? checks : ids.slice(index - 1, index);
    return [
      ids[index] ?? "",
      deployJob(options, deploy, { step, index, of: steps.length, before }),
    ];
  });
  const rollback = deploy.rollback && {
    "roll-back": jobIn(
      options,
      deploy,
      { needs: ids, if: `failure() && needs.${ids[0] ?? ""}.result != 'skipped'` },
      [{ name: "Roll back", run: deploy.rollback }],
    ),
  };
  return { ...Object.fromEntries(jobs), ...rollback };
}

type Placed = {
  readonly step: Step;
  readonly index: number;
  readonly of: number;
  readonly before: readonly string[];
};

function deployJob(
  options: WorkflowOptions,
  deploy: NonNullable<WorkflowOptions["deploy"]>,
  { step, index, of, before }: Placed,
): Job {
  const env = { STEP: String(index + 1), STEPS: String(of), PERCENT: String(step.percent) };
  // What is reviewed only deploys after its checks; dependency review is skipped outside of pull requests.
  const reviewed = before.filter((id) => id !== "review-dependencies");
  const verify = deploy.verify === undefined ? [] : [{ name: "Verify", env, run: deploy.verify }];
  return jobIn(
    options,
    deploy,
    {
      name: step.name,
      needs: reviewed.length === 0 ? undefined : reviewed,
      if: "github.event_name == 'push' || github.event_name == 'workflow_dispatch'",
    },
    [...fetchBuilt(options), { name: "Deploy", env, run: deploy.command }, ...verify],
  );
}

function jobIn(
  options: WorkflowOptions,
  { environment, secrets, variables, oidc }: NonNullable<WorkflowOptions["deploy"]>,
  head: Job,
  steps: Steps,
): Job {
  const env = {
    ...Object.fromEntries(variables.map((name) => [name, `\${{ vars.${name} }}`])),
    ...Object.fromEntries(secrets.map((name) => [name, `\${{ secrets.${name} }}`])),
  };
  const permissions = { contents: "read", ...(oidc ? { "id-token": "write" } : {}) };
  return job(
    options,
    { ...head, permissions, environment, env: Object.keys(env).length === 0 ? undefined : env },
    [...checkout(options), ...steps],
  );
}
