import { defineIntegration } from "#shared/integration";
import { createDeploymentStatus } from "./actions/create-deployment-status.ts";
import { createDeployment } from "./actions/create-deployment.ts";
import { createIssueComment } from "./actions/create-issue-comment.ts";
import { dispatchWorkflow } from "./actions/dispatch-workflow.ts";
import { getRateLimit } from "./actions/get-rate-limit.ts";
import { getRepository } from "./actions/get-repository.ts";
import { listWorkflowRuns } from "./actions/list-workflow-runs.ts";
import { rerunWorkflowRun } from "./actions/rerun-workflow-run.ts";
import { errorOf } from "./client.ts";
import { events, otherEvents } from "./events.ts";

export default defineIntegration({
  id: "github-actions",
  title: "GitHub Actions",
  summary: "Run and watch workflows, deployments and releases of GitHub repositories",
  category: "ci",
  docs: "https://docs.github.com/rest",
  auth: {
    kind: "bearer",
    fields: {
      token: { label: "Fine-grained personal access token", required: true, secret: true },
      "webhook-secret": { label: "Webhook secret", required: false, secret: true },
    },
  },
  http: {
    baseUrl: "https://api.github.com",
    // https://docs.github.com/rest/about-the-rest-api/api-versions
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    errorOf,
  },
  limits: [
    {
      scope: "user",
      requests: 5_000,
      perSeconds: 3_600,
      docs: "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    },
    {
      scope: "user, requests that create content",
      requests: 80,
      perSeconds: 60,
      docs: "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    },
  ],
  health: "get-rate-limit",
  actions: {
    "create-deployment": createDeployment,
    "create-deployment-status": createDeploymentStatus,
    "create-issue-comment": createIssueComment,
    "dispatch-workflow": dispatchWorkflow,
    "get-rate-limit": getRateLimit,
    "get-repository": getRepository,
    "list-workflow-runs": listWorkflowRuns,
    "rerun-workflow-run": rerunWorkflowRun,
  },
  webhooks: {
    docs: "https://docs.github.com/webhooks/webhook-events-and-payloads",
    // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries; GitHub signs no time and no id.
    verify: {
      kind: "hmac",
      algorithm: "sha256",
      encoding: "hex",
      header: "x-hub-signature-256",
      prefix: "sha256=",
      content: [{ part: "body" }],
    },
    secretField: "webhook-secret",
    deliveryId: { header: "x-github-delivery" },
    type: { header: "x-github-event" },
    events,
    otherEvents,
  },
  catalog: {
    does: [
      {
        line: "dispatch, list, cancel, rerun workflow runs",
        actions: ["dispatch-workflow", "list-workflow-runs", "rerun-workflow-run"],
      },
      {
        line: "deployments with rolling, blue-green and canary strategies and statuses",
        actions: ["create-deployment", "create-deployment-status", "get-repository"],
      },
      { line: "comments on issues and pull requests", actions: ["create-issue-comment"] },
    ],
    on: [
      { line: "push", events: ["push"] },
      { line: "pull_request", events: ["pull_request"] },
      { line: "release", events: ["release"] },
      { line: "workflow_run", events: ["workflow_run"] },
      { line: "deployment_status", events: ["deployment", "deployment_status"] },
      { line: "check_run", events: ["check_run", "status"] },
    ],
    why: [{ line: "CI/CD", how: "`delivery-pulse` follows each commit from push to deployment" }],
    setup: [
      "Create a fine-grained token with the permissions that the actions name, for the repositories in question",
      "Add a webhook to the repository or organisation: content type application/json, a secret of your own",
    ],
  },
});
