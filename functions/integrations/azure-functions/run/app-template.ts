import type { NewApp } from "../actions/apps/create-app.ts";

/** The vendor's resource of a function app: https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code */
export function templateOf(input: NewApp, serverFarmId: string) {
  const linux = input.os === "linux";
  return {
    location: input.location,
    kind: linux ? "functionapp,linux" : "functionapp",
    identity: { type: "SystemAssigned" },
    properties: {
      serverFarmId,
      reserved: linux,
      httpsOnly: true,
      siteConfig: siteConfigOf(input),
      ...functionAppConfigOf(input),
    },
  };
}

function siteConfigOf({ flex, os, runtime, settings, storageAccount: account }: NewApp) {
  const { name, version } = runtime;
  const own = {
    AzureWebJobsStorage__accountName: account,
    // Flex Consumption refuses these: https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
    ...(flex === undefined
      ? { FUNCTIONS_EXTENSION_VERSION: "~4", FUNCTIONS_WORKER_RUNTIME: name }
      : {}),
    ...(os === "windows" && name === "node" ? { WEBSITE_NODE_DEFAULT_VERSION: `~${version}` } : {}),
  };
  const appSettings = Object.entries({ ...own, ...settings }).map(([key, value]) => ({
    name: key,
    value,
  }));
  const language =
    os === "linux" && flex === undefined && name !== "custom"
      ? { linuxFxVersion: `${name.toUpperCase()}|${version}` }
      : {};
  return { appSettings, minTlsVersion: "1.2", ftpsState: "Disabled", ...language };
}

function functionAppConfigOf({ flex, runtime, storageAccount: account }: NewApp) {
  if (flex === undefined) return {};
  const value = `https://${account}.blob.core.windows.net/${flex.packageContainer}`;
  const authentication = { type: "SystemAssignedIdentity" };
  return {
    functionAppConfig: {
      deployment: { storage: { type: "blobContainer", value, authentication } },
      runtime,
      scaleAndConcurrency: {
        maximumInstanceCount: flex.maximumInstances,
        instanceMemoryMB: flex.instanceMemoryMb,
      },
    },
  };
}
