import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DeployManifest } from "#shared/plan";
import * as z from "zod";
import { type AwsOptions, renderAws } from "../../adapters/aws/deploy/index.ts";
import { packagePath, packagesFolder } from "./packages.ts";
import { zipFiles } from "./zip.ts";

/** What the committed `serverless.yml` takes where no `--stage` and `--region` are given. */
const DEFAULTS: AwsOptions = { stage: "dev", region: "eu-central-1" };

const program = fileURLToPath(import.meta.resolve("serverless/bin/serverless.js"));

/** A CloudFormation template, as far as we look into it. */
export const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
export type Template = z.infer<typeof Template>;

/** The committed files for AWS, by path below the repository's root. */
export function renderServerless(
  manifest: DeployManifest,
  options: Partial<AwsOptions> = {},
): ReadonlyMap<string, string> {
  return renderAws(manifest, { ...DEFAULTS, ...options });
}

/** Writes them below `root`. */
export function writeServerless(root: string, manifest: DeployManifest): void {
  for (const [path, text] of renderServerless(manifest)) writeFileSync(join(root, path), text);
}

/**
 * The text of the CloudFormation template that `serverless package` makes of a rendering, without network, account or
 * credentials, in a folder of its own. Throws with the framework's output where it fails.
 */
export function packageService(
  files: ReadonlyMap<string, string>,
  functions: readonly string[],
): string {
  const folder = mkdtempSync(join(tmpdir(), "auterity-serverless-"));
  try {
    for (const [path, text] of files) writeFileSync(join(folder, path), text);
    for (const name of functions) {
      const path = packagePath(packagesFolder(folder), "aws", name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, zipFiles(new Map([[`${name}.mjs`, Buffer.from("export {};")]])));
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, "package"], {
      cwd: folder,
      // None of its own: no profile, no telemetry.
      env: { PATH: process.env["PATH"], HOME: folder, SLS_TELEMETRY_DISABLED: "1" },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`serverless package failed:\n${stdout}\n${stderr}`);
    const template = ".serverless/cloudformation-template-update-stack.json";
    return readFileSync(join(folder, template), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
