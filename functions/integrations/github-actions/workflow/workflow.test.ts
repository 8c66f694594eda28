import { generateYaml } from "./generate.ts";
import { WorkflowOptions } from "./options.ts";
import { type Yaml } from "./yaml.ts";
import { callAction } from "../testing/call-action.ts";
import { place } from "../testing/call-action.ts";
import { filePath } from "./path.ts";
import { blobSha } from "./file.ts";
import { renderYaml } from "./yaml.ts";
import { stacks } from "./options.ts";
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from "@actions/workflow-parser";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";

const Job = z.object({
  needs: z.array(z.string()).optional(),
  environment: z.string().optional(),
  permissions: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({
      uses: z.string().optional(),
      run: z.string().optional(),
      with: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.object({}).strict(),
  jobs: z.record(z.string(), Job),
});

/** What GitHub's own parser has against a workflow: structure, contexts and expressions. */
async function errorsOf(content: string): Promise<string[]> {
  const name = ".github/workflows/x.yml";
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

const sha = "08c6903cd8c0fde910a37f88322edcfb5dd907a8";
const write = (options: object) => {
  const content = generateYaml(WorkflowOptions.parse({ name: "CI", stack: "node", ...options }));
  return { content, ...Workflow.parse(parse(content)) };
};
const deploy = {
  environment: "production",
  command: "./deploy.sh",
  verify: "./smoke.sh",
  rollback: "./undo.sh",
  secrets: ["KEY"],
  variables: ["REGION"],
  oidc: true,
};
const strategies = [
  { kind: "rolling", batches: 3 },
  { kind: "canary", percents: [5, 50] },
  { kind: "blue-green" },
];
const all = ["build", "test", "scan"];
const cases = stacks.flatMap((stack) => [
  ...all.map((one) => [stack, [one], undefined] as const),
  ...strategies.map((strategy) => [stack, all, strategy] as const),
]);

describe("a workflow file", () => {
  it.each(cases)("for %s, %j, %j is one that GitHub takes", async (stack, jobs, strategy) => {
    const { content, ...workflow } = write({
      stack,
      jobs,
      artifactPath: "dist",
      ...(stack === "docker" ? {} : { versions: ["20", "22"] }),
      ...(strategy === undefined
        ? {}
        : {
            deploy: {
              ...deploy,
              strategy,
            },
          }),
      on: {
        tags: ["v*"],
        schedule: ["17 4 * * 1"],
      },
    });
    expect(await errorsOf(content)).toEqual([]);
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    expect(steps.filter(({ uses = "x@v1" }) => !/@v\d+$/.test(uses))).toEqual([]);
    expect(steps.filter(({ run = "" }) => run.includes("${{"))).toEqual([]);
    const checkouts = steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(
      checkouts.map(() => false),
    );
  });

  it.each([
    ["needs: [gone]", /needs:\n +- deploy-1/],
    ["if: nothing.here", /if: .*/],
    ["runs_on: x", /runs-on: .*/],
  ])("with %s would be refused", async (wrong, part) => {
    const { content } = write({ deploy: { ...deploy, strategy: { kind: "blue-green" } } });
    expect(await errorsOf(content.replace(part, wrong))).not.toEqual([]);
  });

  it("lets each job do only what it needs", () => {
    const { jobs } = write({
      stack: "docker",
      jobs: ["build", "test", "scan"],
      deploy: { ...deploy, strategy: { kind: "blue-green" } },
    });
    const read = { contents: "read" };
    const scans = { ...read, actions: "read", "security-events": "write" };
    const deploys = { ...read, "id-token": "write" };
    expect(
      Object.fromEntries(Object.entries(jobs).map(([id, one]) => [id, one.permissions])),
    ).toEqual({
      build: read,
      test: read,
      analyse: scans,
      "scan-image": scans,
      "review-dependencies": read,
      "deploy-1": deploys,
      "deploy-2": deploys,
      "roll-back": deploys,
    });
  });

  it("deploys to its environment, one step after the other, after all checks", () => {
    const { jobs } = write({
      jobs: ["build", "test", "scan"],
      artifactPath: "out/app.tgz",
      deploy: { ...deploy, strategy: { kind: "canary", percents: [10] } },
    });
    expect(jobs["deploy-1"]?.needs).toEqual(["build", "test", "analyse"]);
    expect(jobs["deploy-2"]?.needs).toEqual(["deploy-1"]);
    expect(jobs["roll-back"]?.needs).toEqual(["deploy-1", "deploy-2"]);
    const placed = ["deploy-1", "deploy-2", "roll-back"].map((id) => jobs[id]?.environment);
    expect(placed).toEqual(["production", "production", "production"]);
    expect(jobs["deploy-1"]?.steps[1]?.with).toEqual({ name: "build", path: "out/" });
  });

  it("pins an action, and what is below it, as the caller says", () => {
    const pins = { "actions/checkout": sha, "github/codeql-action": "v4.1.2" };
    const { jobs } = write({ jobs: ["scan"], pins });
    expect(jobs["analyse"]?.steps.map(({ uses }) => uses)).toEqual([
      `actions/checkout@${sha}`,
      "github/codeql-action/init@v4.1.2",
      "github/codeql-action/analyze@v4.1.2",
    ]);
  });

  it.each([
    [{ pins: { "actions/checkout": "main" } }],
    [{ pins: { "actions/checkout": `${sha}0` } }],
    [{ pins: { "evil/action": "v1" } }],
    [{ name: "a\njobs: {}" }],
    [{ versions: ["22\n"] }],
    [{ on: { push: [], pullRequest: [], dispatch: false } }],
    [{ on: { schedule: ["* * * *"] } }],
    [{ deploy: { ...deploy, secrets: ["a }} b"], strategy: { kind: "blue-green" } } }],
  ])("is not written for %j", (options) => {
    const given = { name: "CI", stack: "node", ...options };
    expect(WorkflowOptions.safeParse(given).success).toBe(false);
  });

  it("says commands as they were given, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", minLength: 1, maxLength: 200 }).filter(isText),
        async (command) => {
          const { jobs } = write({ jobs: ["test"], commands: { test: command } });
          expect(jobs["test"]?.steps.at(-1)?.run).toBe(command);
        },
      ),
      { numRuns: 30 },
    );
  });
});

/** Neither half a character nor one that YAML does not allow at all. */
function isText(text: string): boolean {
  return text.isWellFormed();
}

describe("rendered YAML", () => {
  it("is read back as what it was", () => {
    const { tree } = fc.letrec<{ tree: Yaml; object: { [name: string]: Yaml } }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: "binary" }).filter(isText),
        fc.constantFrom("on", "yes", "null", "1.0", "- a", "a: b", "#", " a\nb", "a\n\n b\n", "~"),
        fc.integer(),
        fc.boolean(),
        fc.array(tie("tree"), { maxLength: 4 }),
        tie("object"),
      ),
      object: fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== "__proto__"),
        tie("tree"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parse(renderYaml({ value }))).toEqual({ value });
      }),
    );
  });
});

describe("text that nobody sees", () => {
  it.each(["\u0085", "\u200b", "\u202e", "\ufeff"])("is escaped: %j", (hidden) => {
    const rendered = renderYaml({ a: `x${hidden}y` });
    expect(rendered).not.toContain(hidden);
    expect(parse(rendered)).toEqual({ a: `x${hidden}y` });
  });
});

const present = (content: string) => ({
  json: { type: "file", sha: blobSha(content), content: Buffer.from(content).toString("base64") },
});

describe("a file of a repository", () => {
  it.each([
    [".github/workflows/ci.yml", true],
    ["..a/b", true],
    ["/etc/passwd", false],
    ["a//b", false],
    ["a/../b", false],
    ["./a", false],
    ["a/..", false],
    ["a/", false],
  ])("may be called %s: %s", (name, expected) => {
    expect(filePath.safeParse(name).success).toBe(expected);
  });

  it("is named by git as git does", () => {
    expect(blobSha("")).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    expect(blobSha("hello\n")).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  });

  const input = { ...place, path: "a.txt", content: "hello\n", message: "m" };
  const stale = { status: 409, json: { message: "a.txt does not match" } };

  it("that has its content already is no second commit", async () => {
    const { body } = await callAction("put-file", input, [stale, present("hello\n")]);
    expect(body).toEqual({ sha: blobSha("hello\n"), commit: null });
  });

  it.each([
    ["somebody else changed", [stale, present("bye\n")]],
    ["is gone", [stale, { status: 404, json: { message: "Not Found" } }]],
  ])("that %s is not overwritten", async (_, answers) => {
    const { body } = await callAction("put-file", { ...input, sha }, answers);
    expect(body).toMatchObject({ code: "failed_precondition" });
  });

  it("is null where there is none", async () => {
    const answers = [{ status: 404, json: { message: "Not Found" } }];
    const { body } = await callAction("get-file", { ...place, path: "a.txt" }, answers);
    expect(body).toEqual({ file: null });
  });
});
