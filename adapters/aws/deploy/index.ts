import { type DeployManifest, forTarget } from "#shared/plan";
import { stringify } from "yaml";
import { alarmsOf } from "./alarms.ts";
import { functionOf } from "./functions.ts";
import { type AwsOptions, awsNames, checkNames, STAGE_VARIABLE } from "./names.ts";
import { queuesOf } from "./queues.ts";
import { roleOf } from "./roles.ts";
import { schedulesOf } from "./schedules.ts";
import { storageOf } from "./storage.ts";
import type { Properties, Resource } from "./template.ts";
import { topicsOf } from "./topics.ts";

export { type AwsOptions, STAGE_VARIABLE } from "./names.ts";
export { permissionsAws } from "./permissions.ts";

const LOG_DAYS = 30;
const HEADER =
  "# Rendered from the definitions by npm run gen; edits are lost. See docs/guides/deploy-aws.md.\n";

/**
 * Renders what AWS needs of a manifest: `serverless.yml`, by path below the repository's root. It takes the packages
 * of `npm run package` as they are, and any stage: `stage` is the one without `--stage`. Throws `invalid_argument`
 * for a name that AWS would not take.
 */
export function renderAws(whole: DeployManifest, options: AwsOptions): ReadonlyMap<string, string> {
  const manifest = forTarget(whole, "aws");
  const anyStage = { ...options, stage: STAGE_VARIABLE };
  checkNames(manifest, options);
  checkNames(manifest, anyStage);
  const service = {
    service: "auterity",
    frameworkVersion: "4",
    provider: providerOf(options),
    functions: Object.fromEntries(
      manifest.functions.map((each) => [each.name, functionOf(each, manifest, anyStage)]),
    ),
    resources: { Resources: templateOf(resourcesOf(manifest, anyStage)) },
  };
  const text = stringify(service, { lineWidth: 0, aliasDuplicateObjects: false });
  return new Map([["serverless.yml", `${HEADER}${text}`]]);
}

function providerOf({ stage, region, front }: AwsOptions): Properties {
  return {
    name: "aws",
    runtime: "nodejs24.x",
    architecture: "arm64",
    stage: `\${opt:stage, '${stage}'}`,
    region: `\${opt:region, '${region}'}`,
    stackName: `auterity-${STAGE_VARIABLE}`,
    logRetentionInDays: LOG_DAYS,
    // What is rolled back to is in the deployment bucket.
    versionFunctions: false,
    deploymentBucket: { blockPublicAccess: true },
    // The pipeline authenticates, the same on every cloud.
    ...(front === "http-api" ? { httpApi: { payload: "2.0" } } : {}),
    tags: { app: "auterity", stage: STAGE_VARIABLE },
  };
}

function resourcesOf(manifest: DeployManifest, options: AwsOptions): readonly Resource[] {
  const names = awsNames(options);
  return [
    ...manifest.functions.map((each) => roleOf(each, options)),
    ...storageOf(manifest, names),
    ...queuesOf(manifest, names),
    ...topicsOf(manifest, names, options),
    ...schedulesOf(manifest, names),
    ...alarmsOf(manifest, names),
  ];
}

function templateOf(resources: readonly Resource[]): Properties {
  return Object.fromEntries(resources.map(({ id, ...resource }) => [id, resource]));
}
