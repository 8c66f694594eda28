import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeployManifest } from "#shared/plan";
import * as z from "zod";
import { renderAzure } from "../../adapters/azure/deploy/index.ts";
import type { Cloud } from "../../esbuild.config.ts";

/** What a package holds beside its bundle. */
export type ExtraFiles = ReadonlyMap<string, string>;

/** What a package is made of, other than code. */
export type PackageSource = {
  readonly root: string;
  readonly manifest: DeployManifest;
  readonly stage: string;
  /** The file of the bundle that the cloud loads first. */
  readonly entry: string;
};

const FRAMEWORK = "@google-cloud/functions-framework";
const HOST_JSON = "infra/generated/azure/host.json";
/** Nothing in `host.json` depends on where the app runs. */
const ANY_REGION = "westeurope";

const make = {
  aws: () => new Map(),
  // The worker looks up `main`: https://learn.microsoft.com/azure/azure-functions/functions-reference-node#registering-a-function
  azure: ({ manifest, stage, entry }) =>
    new Map([
      ["host.json", hostJson(manifest, stage)],
      ["package.json", packageJson({ main: entry })],
    ]),
  // The build installs what is in there and nothing else: https://cloud.google.com/run/docs/runtimes/nodejs-dependencies
  gcp: ({ root, entry }) =>
    new Map([
      [
        "package.json",
        packageJson({ main: entry, dependencies: { [FRAMEWORK]: frameworkVersion(root) } }),
      ],
    ]),
} satisfies Record<Cloud, (source: PackageSource) => ExtraFiles>;

/** The files that a cloud wants beside a bundle. */
export function extraFiles(cloud: Cloud, source: PackageSource): ExtraFiles {
  return make[cloud](source);
}

function packageJson(fields: object): string {
  return `${JSON.stringify({ private: true, type: "module", ...fields }, null, 2)}\n`;
}

function hostJson(manifest: DeployManifest, stage: string): string {
  const text = renderAzure(manifest, { stage, region: ANY_REGION }).get(HOST_JSON);
  if (text === undefined) throw new Error(`${HOST_JSON} is not rendered any more`);
  return text;
}

/** The version that this repository is tested with. */
function frameworkVersion(root: string): string {
  const Dependencies = z.object({ dependencies: z.object({ [FRAMEWORK]: z.string() }) });
  const text = readFileSync(join(root, "package.json"), "utf8");
  return Dependencies.parse(JSON.parse(text)).dependencies[FRAMEWORK];
}
