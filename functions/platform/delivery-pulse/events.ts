import * as z from "zod";

// Only as wide as our use, and lenient about everything else: GitHub adds fields at any time, and older GitHub
// Enterprise servers lack some. https://docs.github.com/en/webhooks/webhook-events-and-payloads

/** Epoch milliseconds from GitHub's ISO 8601 times, which carry any offset in commits. */
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
/** SHA-1, or SHA-256 in a repository of Git's newer object format. */
const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const id = z.union([z.int(), z.string()]).transform(String);
const url = z.string().nullish();

const repository = z.object({
  full_name: z.string().min(1),
  html_url: z.string(),
  /** Epoch seconds in push events, an ISO time elsewhere. */
  pushed_at: z.unknown().optional(),
});
const base = z.object({ repository, action: z.string().optional() });

const commit = z.object({
  id: sha,
  message: z.string(),
  timestamp: time,
  author: z.object({ name: z.string().nullish(), username: z.string().nullish() }).nullish(),
});

/** What is read of every event. */
export const AnyEvent = base;

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
export const PushEvent = base.extend({ ref: z.string(), head_commit: commit.nullish() });

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
export const PullRequestEvent = base.extend({
  action: z.string(),
  pull_request: z.object({
    number: z.int(),
    title: z.string(),
    html_url: z.string(),
    state: z.string(),
    draft: z.boolean().nullish(),
    merged: z.boolean().nullish(),
    merge_commit_sha: sha.nullish(),
    updated_at: time,
    head: z.object({ sha }),
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#release */
export const ReleaseEvent = base.extend({
  action: z.string(),
  release: z.object({
    id,
    tag_name: z.string().min(1),
    target_commitish: z.string(),
    html_url: z.string(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    created_at: time.nullish(),
    published_at: time.nullish(),
    updated_at: time.nullish(),
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run */
export const WorkflowRunEvent = base.extend({
  workflow_run: z.object({
    id,
    name: z.string().nullish(),
    head_sha: sha,
    head_branch: z.string().nullish(),
    head_commit: commit.nullish(),
    run_attempt: z.int().nullish(),
    status: z.string(),
    conclusion: z.string().nullish(),
    html_url: z.string(),
    run_started_at: time.nullish(),
    created_at: time,
    updated_at: time,
  }),
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run */
export const CheckRunEvent = base.extend({
  check_run: z.object({
    name: z.string(),
    head_sha: sha,
    status: z.string(),
    conclusion: z.string().nullish(),
    started_at: time.nullish(),
    completed_at: time.nullish(),
    html_url: url,
    check_suite: z.object({ id: id.nullish() }).nullish(),
  }),
});

const deployment = z.object({
  id,
  sha,
  environment: z.string(),
  production_environment: z.boolean().nullish(),
  created_at: time,
});

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment */
export const DeploymentEvent = base.extend({ deployment });

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#deployment_status */
export const DeploymentStatusEvent = base.extend({
  deployment,
  deployment_status: z.object({
    state: z.string(),
    environment: z.string().nullish(),
    environment_url: url,
    log_url: url,
    target_url: url,
    created_at: time,
    updated_at: time.nullish(),
  }),
});
