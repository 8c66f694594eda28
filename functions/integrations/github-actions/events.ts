import * as z from "zod";

// https://docs.github.com/webhooks/webhook-events-and-payloads; only as wide as our use.

const id = z.union([z.int(), z.string()]);
const repository = z.object({ full_name: z.string(), html_url: z.string() });
const base = z.object({ repository });

const person = z.object({ login: z.string() });

/** A finding of code scanning, Dependabot or secret scanning. */
const alert = z.object({ number: z.int(), html_url: z.string(), state: z.string().nullish() });

const deployment = z.object({
  id,
  sha: z.string(),
  ref: z.string(),
  task: z.string(),
  environment: z.string(),
  created_at: z.string(),
});

export const events = {
  push: base.extend({
    ref: z.string(),
    before: z.string(),
    after: z.string(),
    deleted: z.boolean(),
    head_commit: z
      .object({ id: z.string(), message: z.string(), timestamp: z.string(), url: z.string() })
      .nullish(),
  }),
  pull_request: base.extend({
    action: z.string(),
    number: z.int(),
    pull_request: z.object({
      html_url: z.string(),
      title: z.string(),
      state: z.string(),
      merged: z.boolean().nullish(),
      merge_commit_sha: z.string().nullish(),
      head: z.object({ sha: z.string(), ref: z.string() }),
    }),
  }),
  release: base.extend({
    action: z.string(),
    release: z.object({
      id,
      tag_name: z.string(),
      target_commitish: z.string(),
      html_url: z.string(),
      draft: z.boolean(),
      prerelease: z.boolean(),
      published_at: z.string().nullish(),
    }),
  }),
  workflow_run: base.extend({
    action: z.string(),
    workflow_run: z.object({
      id,
      name: z.string().nullish(),
      head_sha: z.string(),
      head_branch: z.string().nullish(),
      run_attempt: z.int().nullish(),
      status: z.string(),
      conclusion: z.string().nullish(),
      /** What started it: `push`, `schedule`, `workflow_dispatch`. */
      event: z.string(),
      html_url: z.string(),
      updated_at: z.string(),
    }),
  }),
  deployment: base.extend({ deployment }),
  deployment_status: base.extend({
    deployment,
    deployment_status: z.object({
      id,
      state: z.string(),
      environment: z.string(),
      target_url: z.string().nullish(),
      created_at: z.string(),
    }),
  }),
  check_run: base.extend({
    action: z.string().nullish(),
    check_run: z.object({
      id,
      name: z.string(),
      head_sha: z.string(),
      status: z.string(),
      conclusion: z.string().nullish(),
      html_url: z.string().nullish(),
    }),
  }),
  status: base.extend({
    id,
    sha: z.string(),
    state: z.string(),
    context: z.string(),
    target_url: z.string().nullish(),
  }),
  /** A custom protection rule is to decide; `answer-protection-rule` does. */
  deployment_protection_rule: base.extend({
    action: z.string().nullish(),
    environment: z.string().nullish(),
    event: z.string().nullish(),
    deployment: z.object({ id, sha: z.string(), ref: z.string() }).nullish(),
    /** Ends with `/actions/runs/<run>/deployment_protection_rule`. */
    deployment_callback_url: z.string().nullish(),
  }),
  /** Somebody is to approve, has approved or has rejected. */
  deployment_review: base.extend({
    action: z.string(),
    workflow_run: z.object({ id, head_sha: z.string() }).nullish(),
    approver: person.nullish(),
    comment: z.string().nullish(),
    environment: z.string().nullish(),
  }),
  code_scanning_alert: base.extend({
    action: z.string(),
    alert: alert.extend({ rule: z.object({ description: z.string().nullish() }) }),
  }),
  dependabot_alert: base.extend({
    action: z.string(),
    alert: alert.extend({
      security_advisory: z.object({ ghsa_id: z.string(), severity: z.string() }),
    }),
  }),
  secret_scanning_alert: base.extend({
    action: z.string(),
    alert: alert.extend({ secret_type: z.string().nullish() }),
  }),
  /** Sent once when a webhook is made; an organisation's has no repository. */
  ping: z.object({ zen: z.string(), hook_id: z.int() }),
};

/** Every other event: somebody did something, but for what GitHub does by itself. */
export const otherEvents = z.looseObject({
  action: z.string().nullish(),
  sender: z.looseObject({ login: z.string() }).nullish(),
  repository: z.looseObject({ full_name: z.string() }).nullish(),
});
