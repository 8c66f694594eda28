import { join } from "node:path";
import awsAdapter from "../adapters/aws/adapter.ts";
import azureAdapter from "../adapters/azure/adapter.ts";
import gcpAdapter from "../adapters/gcp/adapter.ts";
import { awsHost } from "../adapters/local/hosts/aws.ts";
import { azureHost } from "../adapters/local/hosts/azure.ts";
import { gcpHost } from "../adapters/local/hosts/gcp.ts";
import type { CloudSetup } from "../adapters/local/product.ts";
import { bundleFolder } from "./build/build.ts";
import type { Engines } from "./build/entry-ports.ts";
import type { ManifestFunction } from "./build/manifest.ts";

/** Local hosts answer or fail within this; longer work belongs behind a queue. */
const HOST_TIMEOUT_MS = 60_000;

/** What is built and which of it runs. */
export type SetupOptions = {
  readonly root: string;
  readonly functions: readonly ManifestFunction[];
  readonly engines: Engines;
  /** Only this cloud. */
  readonly only: string | undefined;
};

/** Each cloud's host and prices. Throws for a cloud that there is not. */
export function cloudSetups(options: SetupOptions): Record<string, CloudSetup> {
  const { only } = options;
  const setups: Record<string, CloudSetup> = {
    aws: {
      prices: awsAdapter.price,
      operations: awsAdapter.operations,
      instances: awsAdapter.instances,
      host: (wiring) =>
        awsHost({ ...settings("aws", options), codecs: awsAdapter.codecs, ...wiring }),
    },
    azure: {
      prices: azureAdapter.price,
      operations: azureAdapter.operations,
      instances: azureAdapter.instances,
      host: (wiring) =>
        azureHost({
          ...settings("azure", options),
          codecs: azureAdapter.codecs,
          ...wiring,
        }),
    },
    gcp: {
      prices: gcpAdapter.price,
      operations: gcpAdapter.operations,
      instances: gcpAdapter.instances,
      host: (wiring) =>
        gcpHost({ ...settings("gcp", options), codecs: gcpAdapter.codecs, ...wiring }),
    },
  };
  if (only === undefined) return setups;
  const setup = setups[only];
  if (setup === undefined)
    throw new Error(`--as ${only}: choose one of ${Object.keys(setups).join(", ")}`);
  return { [only]: setup };
}

function settings(cloud: string, { root, functions, engines }: SetupOptions) {
  return {
    timeoutMs: HOST_TIMEOUT_MS,
    functions: functions
      .filter(({ targets }) => targets.includes(cloud))
      .map(({ name, trigger, limits }) => ({
        name,
        kind: trigger,
        memoryMb: limits.memoryMb,
        bundle: join(
          bundleFolder(root, cloud, engines),
          cloud === "azure" ? "main.mjs" : `${name}/${name}.mjs`,
        ),
      })),
  };
}
