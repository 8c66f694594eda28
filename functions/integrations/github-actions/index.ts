import { defineIntegration } from "#shared/integration";
import * as z from "zod";
import { advanceRollout } from "./actions/deployments/advance-rollout.ts";
import { createDeploymentStatus } from "./actions/deployments/create-deployment-status.ts";
import { createDeployment } from "./actions/deployments/create-deployment.ts";
import { listDeploymentStatuses } from "./actions/deployments/list-deployment-statuses.ts";
import { listDeployments } from "./actions/deployments/list-deployments.ts";
import { startRollout } from "./actions/deployments/start-rollout.ts";
import { answerProtectionRule } from "./actions/environments/answer-protection-rule.ts";
import { decideDeployments } from "./actions/environments/decide-deployments.ts";
import { deleteEnvironment } from "./actions/environments/delete-environment.ts";
import { listEnvironments } from "./actions/environments/list-environments.ts";
import { listPendingDeployments } from "./actions/environments/list-pending-deployments.ts";
import { listRunApprovals } from "./actions/environments/list-run-approvals.ts";
import { putEnvironment } from "./actions/environments/put-environment.ts";
import { reviewDeployments } from "./actions/environments/review-deployments.ts";
import { createRelease } from "./actions/releases/create-release.ts";
import { deleteArtifact } from "./actions/releases/delete-artifact.ts";
import { downloadArtifact } from "./actions/releases/download-artifact.ts";
import { downloadReleaseAsset } from "./actions/releases/download-release-asset.ts";
import { getRelease } from "./actions/releases/get-release.ts";
import { listArtifacts } from "./actions/releases/list-artifacts.ts";
import { listReleases } from "./actions/releases/list-releases.ts";
import { updateRelease } from "./actions/releases/update-release.ts";
import { uploadReleaseAsset } from "./actions/releases/upload-release-asset.ts";
import { createIssueComment } from "./actions/repository/create-issue-comment.ts";
import { getRateLimit } from "./actions/repository/get-rate-limit.ts";
import { getRepository } from "./actions/repository/get-repository.ts";
import { listActivity } from "./actions/repository/list-activity.ts";
import { findRollbackTarget } from "./actions/rollback/find-rollback-target.ts";
import { proposeRollback } from "./actions/rollback/propose-rollback.ts";
import { rollbackDeployment } from "./actions/rollback/rollback-deployment.ts";
import { cancelWorkflowRun } from "./actions/runs/cancel-workflow-run.ts";
import { dispatchWorkflow } from "./actions/runs/dispatch-workflow.ts";
import { getWorkflowRun } from "./actions/runs/get-workflow-run.ts";
import { listRunJobs } from "./actions/runs/list-run-jobs.ts";
import { listWorkflowRuns } from "./actions/runs/list-workflow-runs.ts";
import { listWorkflows } from "./actions/runs/list-workflows.ts";
import { rerunWorkflowRun } from "./actions/runs/rerun-workflow-run.ts";
import { listCodeAlerts } from "./actions/security/list-code-alerts.ts";
import { listDependencyAlerts } from "./actions/security/list-dependency-alerts.ts";
import { listSecretAlerts } from "./actions/security/list-secret-alerts.ts";
import { reportLicences } from "./actions/security/report-licences.ts";
import { reportSecurity } from "./actions/security/report-security.ts";
import { reviewDependencies } from "./actions/security/review-dependencies.ts";
import { deleteSecret } from "./actions/settings/delete-secret.ts";
import { deleteVariable } from "./actions/settings/delete-variable.ts";
import { listSecrets } from "./actions/settings/list-secrets.ts";
import { listVariables } from "./actions/settings/list-variables.ts";
import { putSecret } from "./actions/settings/put-secret.ts";
import { putVariable } from "./actions/settings/put-variable.ts";
import { generateWorkflow } from "./actions/workflows/generate-workflow.ts";
import { getFile } from "./actions/workflows/get-file.ts";
import { putFile } from "./actions/workflows/put-file.ts";
import { catalog } from "./catalog/promises.ts";
import { errorOf } from "./client.ts";
import { events, otherEvents } from "./events.ts";

const webhookSecret = { label: "Webhook secret", required: false, secret: true } as const;
const appId = z.string().regex(/^[A-Za-z0-9]{1,40}$/);
const number = z.string().regex(/^\d{1,20}$/);

export default defineIntegration({
  id: "github-actions",
  title: "GitHub Actions",
  summary: "Run and watch workflows, deployments and releases of GitHub repositories",
  category: "ci",
  docs: "https://docs.github.com/rest",
  auth: [
    {
      kind: "bearer",
      title: "Token",
      fields: {
        token: { label: "Fine-grained personal access token", required: true, secret: true },
        "webhook-secret": webhookSecret,
      },
    },
    {
      kind: "github-app",
      title: "GitHub App",
      apiUrl: "https://api.github.com",
      fields: {
        "private-key": { label: "Private key (PEM)", required: true, secret: true },
        "webhook-secret": webhookSecret,
      },
      config: {
        "app-id": { label: "App ID or client ID", schema: appId, example: "12345" },
        "installation-id": { label: "Installation ID", schema: number, example: "67890" },
      },
    },
  ],
  http: {
    baseUrl: "https://api.github.com",
    hosts: {
      uploads: { baseUrl: "https://uploads.github.com" },
      // Where downloads are redirected to; the address is the permission.
      artifacts: { baseUrl: "https://{account}.blob.core.windows.net", auth: "none", headers: {} },
      assets: { baseUrl: "https://{store}.githubusercontent.com", auth: "none", headers: {} },
    },
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
    "advance-rollout": advanceRollout,
    "answer-protection-rule": answerProtectionRule,
    "cancel-workflow-run": cancelWorkflowRun,
    "create-deployment": createDeployment,
    "create-deployment-status": createDeploymentStatus,
    "create-issue-comment": createIssueComment,
    "create-release": createRelease,
    "decide-deployments": decideDeployments,
    "delete-artifact": deleteArtifact,
    "delete-environment": deleteEnvironment,
    "delete-secret": deleteSecret,
    "delete-variable": deleteVariable,
    "dispatch-workflow": dispatchWorkflow,
    "download-artifact": downloadArtifact,
    "download-release-asset": downloadReleaseAsset,
    "find-rollback-target": findRollbackTarget,
    "generate-workflow": generateWorkflow,
    "get-file": getFile,
    "get-rate-limit": getRateLimit,
    "get-release": getRelease,
    "get-repository": getRepository,
    "get-workflow-run": getWorkflowRun,
    "list-activity": listActivity,
    "list-artifacts": listArtifacts,
    "list-code-alerts": listCodeAlerts,
    "list-dependency-alerts": listDependencyAlerts,
    "list-deployment-statuses": listDeploymentStatuses,
    "list-deployments": listDeployments,
    "list-environments": listEnvironments,
    "list-pending-deployments": listPendingDeployments,
    "list-releases": listReleases,
    "list-run-approvals": listRunApprovals,
    "list-run-jobs": listRunJobs,
    "list-secret-alerts": listSecretAlerts,
    "list-secrets": listSecrets,
    "list-variables": listVariables,
    "list-workflow-runs": listWorkflowRuns,
    "list-workflows": listWorkflows,
    "propose-rollback": proposeRollback,
    "put-environment": putEnvironment,
    "put-file": putFile,
    "put-secret": putSecret,
    "put-variable": putVariable,
    "report-licences": reportLicences,
    "report-security": reportSecurity,
    "rerun-workflow-run": rerunWorkflowRun,
    "review-dependencies": reviewDependencies,
    "review-deployments": reviewDeployments,
    "rollback-deployment": rollbackDeployment,
    "start-rollout": startRollout,
    "update-release": updateRelease,
    "upload-release-asset": uploadReleaseAsset,
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
  catalog,
});
