import { Pipeline } from "../pipeline.ts";
import type { Strategy } from "../plan.ts";

/** The clouds' parts of a pipeline. */
export const targets = {
  "aws-lambda": { cloud: "aws-lambda", functionName: "shop", alias: "live" },
  "azure-functions": {
    cloud: "azure-functions",
    resourceGroup: "shop-rg",
    app: "shop-app",
    slot: "staging",
    healthFunction: "health",
  },
  "cloud-functions": { cloud: "cloud-functions", service: "app", location: "europe-west1" },
} as const;
export type CloudName = keyof typeof targets;

export const strategies = {
  rolling: { kind: "rolling", batches: 4, watchSeconds: 60 },
  "blue-green": { kind: "blue-green", watchSeconds: 120 },
  canary: { kind: "canary", percents: [5, 25], watchSeconds: 60 },
} as const satisfies Record<string, Strategy>;

/** The pipeline of `octo/shop`. */
export function samplePipeline(cloud: CloudName, strategy: keyof typeof strategies): Pipeline {
  return Pipeline.parse({
    repository: "octo/shop",
    workflow: "release.yml",
    image: "octo/shop",
    policy: { keys: [{ name: "release", publicKey: "A".repeat(124) }] },
    target: targets[cloud],
    strategy: strategies[strategy],
    channel: "C0123456789",
  });
}
