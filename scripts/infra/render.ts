import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DeployManifest } from "#shared/plan";
import { renderAzure } from "../../adapters/azure/deploy/index.ts";
import { renderGcp } from "../../adapters/gcp/deploy/index.ts";

/** What the committed renderings are for; another stage is rendered with `node scripts/infra/gen.ts --stage <stage>`. */
export const COMMITTED = { stage: "dev", azureRegion: "westeurope", gcpRegion: "europe-west1" };

/** A stage, and where it is on each cloud. */
export type Deployment = {
  readonly stage: string;
  readonly azureRegion: string;
  readonly gcpRegion: string;
};

/** Everything below `infra/generated`, by path from the repository's root. */
export function renderInfra(
  manifest: DeployManifest,
  { stage, azureRegion, gcpRegion }: Deployment,
): ReadonlyMap<string, string> {
  return new Map([
    ...renderAzure(manifest, { stage, region: azureRegion }),
    ...renderGcp(manifest, { stage, region: gcpRegion }),
  ]);
}

/** Writes them below `root`. */
export function writeInfra(root: string, manifest: DeployManifest, deployment: Deployment): void {
  for (const [path, text] of renderInfra(manifest, deployment)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
