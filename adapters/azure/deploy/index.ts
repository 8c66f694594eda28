import { type CloudPermission, type DeployManifest, forTarget } from "#shared/plan";
import { type Block, data, type Element, labelOf, renderTerraform } from "#shared/terraform";
import { appOf, insightsOf } from "./app.ts";
import { cosmosOf, DATABASE } from "./cosmos.ts";
import { eventGridOf, topicEndpoint } from "./event-grid.ts";
import { renderHostJson } from "./host-json.ts";
import { azureNames, type AzureOptions, uniqueExpression } from "./names.ts";
import { assignment, foundations, type Parts, scopeOf } from "./parts.ts";
import { appPermissions } from "./permissions.ts";
import { serviceBusOf } from "./service-bus.ts";
import { type Storage, storageOf } from "./storage.ts";
import { secretScope, vaultOf } from "./vault.ts";

export type { AzureOptions } from "./names.ts";
export { permissionsAzure } from "./permissions.ts";

/**
 * Renders what Azure needs of a manifest: `host.json` and a Terraform configuration, by path below the repository's
 * root. Throws `invalid_argument` for what Azure cannot do, such as two functions that need different app-wide settings.
 */
export function renderAzure(
  whole: DeployManifest,
  options: AzureOptions,
): ReadonlyMap<string, string> {
  const manifest = forTarget(whole, "azure");
  return new Map([
    ["infra/generated/azure/host.json", renderHostJson(manifest, options)],
    ["infra/generated/azure/main.tf.json", renderMain(manifest, options)],
  ]);
}

function renderMain(manifest: DeployManifest, options: AzureOptions): string {
  const names = azureNames(manifest, options);
  const { group, placed, identity } = foundations(names, options);
  const parts: Parts = { manifest, names, options, placed, identity };
  const { workspace, insights } = insightsOf(parts);
  const storage = storageOf(parts);
  const granted = appPermissions(manifest, options);
  const cosmos = cosmosOf(parts, granted);
  const vault = vaultOf(parts, workspace);
  const bus = serviceBusOf(parts);
  const events = eventGridOf(parts, storage);
  const roles = rolesOf(granted, { parts, storage, bus, events, vault: vault.vault });
  const settings = settingsOf({ parts, storage, bus, vault: vault.vault, account: cosmos.account });
  const app = appOf(parts, { settings, storage, insights, before: roles });
  return renderTerraform(root, [
    data("azurerm_client_config", "current", {}),
    group,
    identity,
    workspace,
    insights,
    ...storage.elements,
    ...cosmos.elements,
    ...vault.elements,
    ...bus.elements,
    ...events.elements,
    ...roles,
    ...app,
  ]);
}

/** What the services of the functions read, and nothing else of ours. */
function settingsOf({
  parts,
  storage,
  bus,
  vault,
  account,
}: Pick<Made, "parts" | "storage" | "bus" | "vault"> & { readonly account: Element }): Block {
  const { manifest, names, options } = parts;
  const queues =
    bus.namespace === undefined
      ? { AUTERITY_QUEUE_ACCOUNT: storage.host.get("primary_queue_endpoint") }
      : busSettings(bus.namespace, parts);
  return {
    AUTERITY_STATE: "cosmos",
    AUTERITY_COSMOS_ACCOUNT: account.get("endpoint"),
    AUTERITY_COSMOS_DATABASE: DATABASE,
    AUTERITY_QUEUE: options.queue ?? "storage-queue",
    ...queues,
    AUTERITY_BLOB_ACCOUNT: storage.data?.get("primary_blob_endpoint"),
    AUTERITY_TOPIC_ENDPOINT: manifest.topics.length > 0 ? topicEndpoint(parts) : undefined,
    AUTERITY_VAULT_URL: vault.get("vault_uri"),
    AUTERITY_ACTIONS_URL: `https://${names.app}.azurewebsites.net`,
  };
}

/** What roles are given on. */
type Made = {
  readonly parts: Parts;
  readonly storage: Storage;
  readonly bus: ReturnType<typeof serviceBusOf>;
  readonly events: ReturnType<typeof eventGridOf>;
  readonly vault: Element;
};

/** The roles of the app, each on one thing; those in Cosmos DB are made with its containers. */
function rolesOf(granted: readonly CloudPermission[], made: Made): readonly Element[] {
  const { parts, storage, bus, events, vault } = made;
  const scopes = scopesOf([storage.byResource, bus.byResource, events.byResource]);
  return granted.flatMap(({ resource, actions }) => {
    const scope =
      scopes.get(resource) ??
      secretScope(vault, resource) ??
      (resource === "buckets" ? storage.data?.get("id") : undefined);
    return scope === undefined ? [] : actions.map((role) => roleOf(resource, role, scope, parts));
  });
}

const root = {
  terraform: {
    required_version: ">= 1.9",
    // The version whose schema `npm run check:infra` checks this against.
    required_providers: { azurerm: { source: "hashicorp/azurerm", version: "~> 4.55" } },
    // Where the state is comes from `terraform init -backend-config=…`.
    backend: { azurerm: {} },
  },
  // The accounts take no keys, so Terraform comes with an identity too.
  provider: {
    azurerm: {
      // All that is made here is made by the resource manager, so that who deploys needs no role on data.
      features: { storage: { data_plane_available: false } },
      storage_use_azuread: true,
    },
  },
  locals: { unique: uniqueExpression },
  output: {
    app: { value: "${azurerm_function_app_flex_consumption.main.name}" },
    url: {
      value: "https://${azurerm_function_app_flex_consumption.main.default_hostname}",
    },
    vault: { value: "${azurerm_key_vault.main.vault_uri}" },
  },
};

function scopesOf(all: readonly ReadonlyMap<string, Element>[]): ReadonlyMap<string, string> {
  return new Map(
    all.flatMap((part) => [...part].map(([key, element]) => [key, scopeOf(element)] as const)),
  );
}

function roleOf(resource: string, role: string, scope: string, { identity }: Parts): Element {
  const what = role.replace(/^(?:Storage|Azure) /, "").toLowerCase();
  return assignment(labelOf("app", resource, what), {
    role,
    scope,
    principal: identity.get("principal_id"),
  });
}

/** `ServiceBus` is the connection of the triggers, the other setting the one of the driver. */
function busSettings(namespace: Element, { identity }: Parts): Block {
  const host = `${namespace.get("name")}.servicebus.windows.net`;
  return {
    AUTERITY_SERVICE_BUS_ACCOUNT: host,
    ServiceBus__fullyQualifiedNamespace: host,
    ServiceBus__credential: "managedidentity",
    ServiceBus__clientId: identity.get("client_id"),
  };
}
