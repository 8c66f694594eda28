import type { DeployManifest } from "#shared/plan";
import { startAwsEngines } from "./aws.ts";
import { startAzureEngines } from "./azure.ts";
import type { CloudEngines, StartEngines } from "./cloud-engines.ts";
import { startGcpEngines } from "./gcp.ts";

const starters: Readonly<Record<string, StartEngines>> = {
  aws: startAwsEngines,
  azure: startAzureEngines,
  gcp: startGcpEngines,
};

/**
 * Starts the engines of these clouds, side by side. Throws, with nothing left running, what the first that failed
 * threw: `EngineMissing` says what the machine lacks.
 */
export async function startEngines(
  clouds: readonly string[],
  manifest: DeployManifest,
): Promise<Readonly<Record<string, CloudEngines>>> {
  const started = await Promise.allSettled(
    clouds.map(async (cloud) => [cloud, await starters[cloud]?.(manifest)] as const),
  );
  const engines = started.flatMap((result) => {
    if (result.status === "rejected" || result.value[1] === undefined) return [];
    return [[result.value[0], result.value[1]] as const];
  });
  const failed = started.find((result) => result.status === "rejected");
  if (failed === undefined) return Object.fromEntries(engines);
  await Promise.all(engines.map(([, running]) => running.stop()));
  throw failed.reason;
}
