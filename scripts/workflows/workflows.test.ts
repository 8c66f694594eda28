import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { workflowFindings } from "./workflow-findings.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const paths = globSync(".github/workflows/*.yml", { cwd: root });

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("the workflows", () => {
  it.each(paths)("are sound: %s", async (path) => {
    expect(await workflowFindings(path, read(path), read)).toEqual([]);
  });

  it.each([
    [
      "a key that GitHub does not know",
      "    timeout-minutes:",
      "    timeout-minuets:",
      /Unexpected value 'timeout-minuets'/,
    ],
    [
      "an expression of nothing",
      "${{ inputs.stage }}",
      "${{ input.stage }}",
      /Unrecognized named-value: 'input'/,
    ],
    [
      "an action by its tag",
      /@b4757\S+ # v4\.2\.1/,
      "@v4",
      /pin aws-actions\/configure-aws-credentials@v4/,
    ],
    ["no permissions", /^permissions:\n {2}contents: read\n/m, "", /permissions: say it/],
    ["everybody's write", /^ {2}contents: read/m, "  contents: write", /let only a job write/],
    [
      "credentials without approval",
      /^ {4}environment: .*\n/m,
      "",
      /aws: a job that gets a cloud's cr/,
    ],
    [
      "an input in a script",
      '--stage "$STAGE"',
      "--stage ${{ inputs.stage }}",
      /by env, not in its text/,
    ],
    ["a job that may run for ever", /^ {4}timeout-minutes: .*\n/m, "", /aws: say timeout-minutes/],
  ])("would be caught with %s", async (_what, sound, seeded, finding) => {
    const path = ".github/workflows/deploy-stage.yml";
    const broken = read(path).replace(sound, seeded);
    expect(broken).not.toBe(read(path));
    expect(await workflowFindings(path, broken, read)).toContainEqual(
      expect.stringMatching(finding),
    );
  });

  it("would be caught calling another without what it wants", async () => {
    const path = ".github/workflows/rollback.yml";
    const broken = read(path).replace(/^ {6}artifact: .*needs.*\n/m, "");
    expect(await workflowFindings(path, broken, read)).toContainEqual(
      expect.stringMatching(/Input artifact is required/),
    );
  });
});
