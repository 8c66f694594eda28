import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from "@actions/workflow-parser";
import { parse } from "yaml";
import * as z from "zod";

const Permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const Step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const Job = z.object({
  uses: z.string().optional(),
  environment: z.unknown().optional(),
  permissions: Permissions.optional(),
  "timeout-minutes": z.number().optional(),
  steps: z.array(Step).default([]),
});
const Workflow = z.object({ permissions: Permissions, jobs: z.record(z.string(), Job) });
type Job = z.infer<typeof Job>;

/**
 * What is wrong with a workflow: what GitHub's own parser refuses, and what GitHub would take but we do not. `read`
 * gives the text of the workflows that it calls.
 */
export async function workflowFindings(
  path: string,
  content: string,
  read: (path: string) => string,
): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  if (value !== undefined) {
    await convertWorkflowTemplate(
      context,
      value,
      { getFileContent: async (file) => ({ name: file.path, content: read(file.path) }) },
      { fetchReusableWorkflowDepth: 1 },
    );
  }
  const refused = context.errors.getErrors().map(({ message }) => message);
  if (refused.length > 0) return refused;
  const workflow = Workflow.safeParse(parse(content));
  if (!workflow.success) {
    return workflow.error.issues.map((issue) => `${path}: ${issue.path.join(".")}: say it`);
  }
  const { permissions, jobs } = workflow.data;
  return [
    ...(Object.values(permissions).includes("write") ? [`${path}: let only a job write`] : []),
    ...Object.entries(jobs).flatMap(([name, job]) =>
      jobFindings(job).map((finding) => `${path}: ${name}: ${finding}`),
    ),
    ...unpinned(content).map(
      (action) => `${path}: pin ${action} to a commit, its version behind it`,
    ),
  ];
}

function jobFindings({ uses, environment, permissions, steps, ...job }: Job): string[] {
  const findings: string[] = [];
  if (uses === undefined && job["timeout-minutes"] === undefined)
    findings.push("say timeout-minutes");
  const isTrusted = permissions?.["id-token"] === "write";
  // The environment is where approvals are, and what a cloud checks in the token.
  if (isTrusted && uses === undefined && environment === undefined) {
    findings.push("a job that gets a cloud's credentials needs an environment");
  }
  // Such a value becomes code of the shell: https://docs.github.com/actions/security-for-github-actions/security-guides/security-hardening-for-github-actions
  if (steps.some(({ run }) => run?.includes("${{") === true)) {
    findings.push("give expressions to a script by env, not in its text");
  }
  return findings;
}

function unpinned(content: string): string[] {
  return [...content.matchAll(/^\s*(?:- )?uses: (.+)$/gm)]
    .map(([, action = ""]) => action)
    .filter((action) => !action.startsWith("./") && !/@[0-9a-f]{40} # v\d/.test(action));
}
