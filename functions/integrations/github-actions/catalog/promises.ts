/** What the integration promises, line by line, and how to obtain its credentials. */
export const catalog = {
  does: [
    {
      line: "dispatch, list, cancel, rerun workflow runs",
      actions: [
        "dispatch-workflow",
        "list-workflows",
        "list-workflow-runs",
        "get-workflow-run",
        "list-run-jobs",
        "cancel-workflow-run",
        "rerun-workflow-run",
      ],
    },
    {
      line: "generate workflow files for build, test, deploy, security scan",
      actions: ["generate-workflow", "get-file", "put-file"],
    },
    {
      line: "environments with manual, automatic and conditional approvals",
      actions: [
        "put-environment",
        "list-environments",
        "delete-environment",
        "list-pending-deployments",
        "review-deployments",
        "decide-deployments",
        "answer-protection-rule",
        "list-run-approvals",
      ],
    },
    {
      line: "deployments with rolling, blue-green and canary strategies and statuses",
      actions: [
        "start-rollout",
        "advance-rollout",
        "create-deployment",
        "create-deployment-status",
        "list-deployments",
        "list-deployment-statuses",
        "get-repository",
      ],
    },
    {
      line: "automatic, manual and version-controlled rollback",
      actions: ["rollback-deployment", "find-rollback-target", "propose-rollback"],
    },
    {
      line: "artifacts and releases",
      actions: [
        "list-artifacts",
        "download-artifact",
        "delete-artifact",
        "create-release",
        "update-release",
        "get-release",
        "list-releases",
        "upload-release-asset",
        "download-release-asset",
      ],
    },
    {
      line: "secrets and variables (sealed box)",
      actions: [
        "put-secret",
        "list-secrets",
        "delete-secret",
        "put-variable",
        "list-variables",
        "delete-variable",
      ],
    },
    {
      line: "code scanning, dependency, secret-scanning and licence reports",
      actions: [
        "report-security",
        "list-code-alerts",
        "list-dependency-alerts",
        "list-secret-alerts",
        "report-licences",
        "review-dependencies",
      ],
    },
    {
      line: "comments on issues and pull requests, activity of a repository",
      actions: ["create-issue-comment", "list-activity"],
    },
  ],
  on: [
    { line: "push", events: ["push"] },
    { line: "pull_request", events: ["pull_request"] },
    { line: "release", events: ["release"] },
    {
      line: "schedule",
      how: "GitHub sends no webhook for it: each scheduled run tells `workflow_run` with `event: schedule`; schedules of our own start functions without GitHub",
    },
    { line: "workflow_run", events: ["workflow_run"] },
    { line: "deployment_status", events: ["deployment", "deployment_status"] },
    { line: "check_run", events: ["check_run", "status"] },
  ],
  why: [
    {
      line: "CI/CD",
      how: "`delivery-pulse` follows each commit from push to deployment; `decide-deployments` and `rollback-deployment` act on what happened",
    },
    {
      line: "security dashboard",
      how: "`report-security` and `report-licences` give the figures, alert events start functions when they change",
    },
    {
      line: "audit trail",
      how: "`list-activity`, `list-run-approvals` and `list-deployment-statuses`; every verified webhook is kept as an event",
    },
  ],
  setup: [
    "Create a fine-grained token with the permissions that the actions name, for the repositories in question",
    "Or create a GitHub App with them, install it, and enter its id, the installation's id and a private key",
    "Add a webhook to the repository, organisation or App: content type application/json, a secret of your own",
  ],
} as const;
