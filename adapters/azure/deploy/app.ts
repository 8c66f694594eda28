import { Fault } from "#shared/errors";
import type { DeployManifest } from "#shared/plan";
import { type Block, type Element, resource } from "#shared/terraform";
import { assignment, type Parts } from "./parts.ts";
import type { Storage } from "./storage.ts";

/**
 * The newest that the checked version of the provider takes for Flex Consumption; the bundles run on it and on later
 * ones: https://github.com/hashicorp/terraform-provider-azurerm/issues/31478
 */
const NODE_VERSION = "22";
/** https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#instance-sizes */
const INSTANCE_MEMORY_MB = [2048, 4096] as const;

/** What an app's logs go to. */
export function insightsOf({ names, placed }: Omit<Parts, "identity">): {
  readonly workspace: Element;
  readonly insights: Element;
} {
  const workspace = resource("azurerm_log_analytics_workspace", "main", {
    name: names.prefix,
    ...placed,
    sku: "PerGB2018",
    retention_in_days: 30,
    local_authentication_enabled: false,
  });
  const insights = resource("azurerm_application_insights", "main", {
    name: names.prefix,
    ...placed,
    workspace_id: workspace.get("id"),
    application_type: "web",
    // Its connection string then only says where, and no longer lets anybody in.
    local_authentication_disabled: true,
  });
  return { workspace, insights };
}

/**
 * The function app on Flex Consumption, and what its host needs to run by identity: the packages, locks and timers in
 * its own account, and the way to its logs. Roles of the functions are the renderer's, in `before`.
 */
export function appOf(
  parts: Parts,
  {
    settings,
    storage,
    insights,
    before,
  }: {
    readonly settings: Block;
    readonly storage: Storage;
    readonly insights: Element;
    readonly before: readonly Element[];
  },
): readonly Element[] {
  const { names, placed, identity } = parts;
  const principal = identity.get("principal_id");
  // https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
  const own = assignment("app_host", {
    role: "Storage Blob Data Owner",
    scope: storage.host.get("id"),
    principal,
  });
  const telemetry = assignment("app_insights", {
    role: "Monitoring Metrics Publisher",
    scope: insights.get("id"),
    principal,
  });
  const plan = resource("azurerm_service_plan", "main", {
    name: names.prefix,
    ...placed,
    os_type: "Linux",
    sku_name: "FC1",
  });
  const first = [own, telemetry, ...before];
  const app = flexApp(parts, { settings, storage, insights, plan, first });
  return [own, telemetry, plan, app];
}

type FlexApp = {
  readonly settings: Block;
  readonly storage: Storage;
  readonly insights: Element;
  readonly plan: Element;
  /** What has to be there before its host starts. */
  readonly first: readonly Element[];
};

function flexApp(parts: Parts, { settings, storage, insights, plan, first }: FlexApp): Element {
  const { names, placed, identity, manifest } = parts;
  return resource("azurerm_function_app_flex_consumption", "main", {
    name: names.app,
    ...placed,
    service_plan_id: plan.get("id"),
    runtime_name: "node",
    runtime_version: NODE_VERSION,
    instance_memory_in_mb: memoryOf(manifest),
    maximum_instance_count: 40,
    storage_container_type: "blobContainer",
    storage_container_endpoint: `${storage.host.get("primary_blob_endpoint")}${storage.packages.get("name")}`,
    storage_authentication_type: "UserAssignedIdentity",
    storage_user_assigned_identity_id: identity.get("id"),
    identity: { type: "UserAssigned", identity_ids: [identity.get("id")] },
    https_only: true,
    webdeploy_publish_basic_authentication_enabled: false,
    site_config: {
      minimum_tls_version: "1.2",
      scm_minimum_tls_version: "1.2",
      http2_enabled: true,
      application_insights_connection_string: insights.get("connection_string"),
    },
    app_settings: { ...hostSettings(parts, storage), ...settings },
    depends_on: first.map((role) => `${role.type}.${role.name}`),
  });
}

function hostSettings({ identity }: Parts, { host }: Storage): Block {
  const client = identity.get("client_id");
  return {
    // The provider would put a connection string with no key in here, and the host take it before the ones below:
    // https://github.com/hashicorp/terraform-provider-azurerm/issues/29149
    AzureWebJobsStorage: "",
    AzureWebJobsStorage__accountName: host.get("name"),
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: client,
    // https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication#configure-and-enable-microsoft-entra-id-based-authentication
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${client};Authorization=AAD`,
    AZURE_CLIENT_ID: client,
  };
}

/** All functions run in one process: the size that the largest of them needs. */
function memoryOf({ functions }: DeployManifest): number {
  const [largest] = functions.toSorted((a, b) => b.limits.memoryMb - a.limits.memoryMb);
  const size = INSTANCE_MEMORY_MB.find((megabytes) => megabytes >= (largest?.limits.memoryMb ?? 0));
  if (size !== undefined) return size;
  throw new Fault(
    "invalid_argument",
    `azure.app: "${largest?.name ?? ""}" needs more than the 4096 MB of the largest instance; lower its memoryMb or take azure from its targets`,
  );
}
