import * as z from "zod";
import { Strategy } from "../deploy/rollout.ts";

const line = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\r\n]*$/);
const command = z.string().min(1).max(10_000);
const names = z
  .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/))
  .max(50)
  .default([]);

export const stacks = ["node", "python", "java", "go", "docker"] as const;

const ActionName = z.enum([
  "actions/checkout",
  "actions/setup-node",
  "actions/setup-python",
  "actions/setup-java",
  "actions/setup-go",
  "actions/upload-artifact",
  "actions/download-artifact",
  "actions/dependency-review-action",
  "anchore/scan-action",
  "docker/build-push-action",
  "docker/setup-buildx-action",
  "github/codeql-action",
]);

export type ActionName = z.output<typeof ActionName>;

/** A commit, which nobody can move, or a version tag; never a branch. */
const pin = z.string().regex(/^(?:[0-9a-f]{40}|v\d+(?:\.\d+){0,2})$/);

const Deploy = z.object({
  /** Its protection (reviewers, wait, refs) holds the jobs back. */
  environment: line,
  /** Has STEP, STEPS and PERCENT (of traffic, or of machines) in its environment. */
  command,
  /** Run after each step; when it fails, so does the deployment. */
  verify: command.optional(),
  /** Run when a step has failed. */
  rollback: command.optional(),
  strategy: Strategy,
  /** Names of secrets and variables that become the commands' environment. */
  secrets: names,
  variables: names,
  /** Lets jobs ask for an OpenID Connect token, to be trusted by a cloud: https://docs.github.com/actions/concepts/security/openid-connect */
  oidc: z.boolean().default(false),
});

/** What a workflow file shall do. */
export const WorkflowOptions = z
  .object({
    name: line,
    stack: z.enum(stacks),
    /** Of the language; tests run with each, everything else with the last. */
    versions: z
      .array(z.string().regex(/^[\w.-]{1,30}$/))
      .min(1)
      .max(10)
      .optional(),
    jobs: z
      .array(z.enum(["build", "test", "scan"]))
      .min(1)
      .default(["build", "test"]),
    /** Instead of what is usual for the stack. */
    commands: z
      .object({ install: command.optional(), build: command.optional(), test: command.optional() })
      .default({}),
    /** Kept for 7 days after a build. */
    artifactPath: line.optional(),
    deploy: Deploy.optional(),
    on: z
      .object({
        push: z.array(line).max(20).default(["main"]),
        pullRequest: z.array(line).max(20).default(["main"]),
        tags: z.array(line).max(20).default([]),
        /** In UTC: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule */
        schedule: z
          .array(z.string().regex(/^(?:[\d*,/A-Za-z-]+ ){4}[\d*,/A-Za-z-]+$/))
          .max(5)
          .default([]),
        dispatch: z.boolean().default(true),
      })
      .prefault({}),
    runner: line.default("ubuntu-latest"),
    timeoutMinutes: z.int().min(1).max(360).default(30),
    /** Commits or version tags by action, such as `actions/checkout`. */
    pins: z.partialRecord(ActionName, pin).default({}),
  })
  .refine(
    ({ on }) =>
      on.dispatch || [on.push, on.pullRequest, on.tags, on.schedule].some((one) => one.length > 0),
    {
      path: ["on"],
      message: "nothing would start the workflow",
    },
  );

export type WorkflowOptions = z.output<typeof WorkflowOptions>;
