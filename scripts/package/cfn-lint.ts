import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineMissing, type TestEngine } from "#shared/testing";

/** CloudFormation's linter, which knows the schema of every resource. */
export type CfnLint = TestEngine & {
  /** The errors in a template, one line each; warnings are left out. */
  errorsIn(template: string): readonly string[];
};

/** Finds it. Throws `EngineMissing` where it is not installed: https://github.com/aws-cloudformation/cfn-lint#install */
export async function startCfnLint(): Promise<CfnLint> {
  if (spawnSync("cfn-lint", ["--version"]).status !== 0) {
    throw new EngineMissing("cfn-lint is not installed; pip install cfn-lint");
  }
  const folder = mkdtempSync(join(tmpdir(), "auterity-cfn-lint-"));
  return {
    errorsIn(template) {
      const file = join(folder, "template.json");
      writeFileSync(file, template);
      const args = ["--regions", "eu-central-1", "--format", "parseable", "--template", file];
      const { stdout, error } = spawnSync("cfn-lint", args, { encoding: "utf8" });
      if (error !== undefined) throw error;
      return stdout.split("\n").filter((line) => /:E\d{4}:/.test(line));
    },
    async stop() {
      rmSync(folder, { recursive: true });
    },
  };
}
