import type { FunctionDefinition } from "#shared/function";
import type { DeployManifest } from "#shared/plan";
import { permissionsAws, renderAws, STAGE_VARIABLE } from "../../adapters/aws/deploy/index.ts";
import { permissionsAzure, renderAzure } from "../../adapters/azure/deploy/index.ts";
import { permissionsGcp, renderGcp } from "../../adapters/gcp/deploy/index.ts";
import { deployManifest } from "../build/deploy-manifest.ts";
import { COMMITTED } from "../infra/render.ts";
import { deployedCloud, type DeployedCloud } from "./deployed-cloud.ts";

/** Renders a stage for every cloud that some function goes to, and reads the renderings back. */
export async function renderedClouds(
  definitions: readonly FunctionDefinition[],
  stage: string,
): Promise<DeployedCloud[]> {
  const manifest = deployManifest(definitions);
  const used = new Set(definitions.flatMap(({ targets }) => targets));
  return Promise.all(
    (["aws", "azure", "gcp"] as const)
      .filter((target) => used.has(target))
      .map((target) =>
        deployedCloud(target, definitions, manifest, render[target](manifest, stage)),
      ),
  );
}

/** Stands in `serverless.yml` as a default only; no resource is named after it. */
const AWS_REGION = "eu-central-1";

type Render = (manifest: DeployManifest, stage: string) => Parameters<typeof deployedCloud>[3];

/** Each cloud's files and permissions for a stage. Throws a Fault for what the cloud cannot do. */
export const render = {
  aws: (manifest, stage) => ({
    // What is rendered takes any stage; read as this one's, it has the names that the cloud will have.
    files: new Map(
      [...renderAws(manifest, { stage, region: AWS_REGION })].map(([path, text]) => [
        path,
        text.replaceAll(STAGE_VARIABLE, stage),
      ]),
    ),
    permissions: permissionsAws(manifest, { stage }),
  }),
  azure: (manifest, stage) => ({
    files: renderAzure(manifest, { stage, region: COMMITTED.azureRegion }),
    permissions: permissionsAzure(manifest),
  }),
  gcp: (manifest, stage) => ({
    files: renderGcp(manifest, { stage, region: COMMITTED.gcpRegion }),
    permissions: permissionsGcp(manifest),
  }),
} satisfies Record<string, Render>;
