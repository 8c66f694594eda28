import {
  type CloudPermission,
  type CloudPermissions,
  type DeployFunction,
  type DeployManifest,
  forTarget,
  mergePermissions,
  type Permission,
  modelsNotDeployed,
} from "#shared/plan";
import type { AzureOptions } from "./names.ts";

const COSMOS = "Microsoft.DocumentDB/databaseAccounts";
const ITEMS = `${COSMOS}/sqlDatabases/containers/items`;
const read = `${ITEMS}/read`;

/**
 * What Cosmos DB has to allow for a verb. Every write reads first or afterwards: what is in the way, or whether it
 * happened. https://learn.microsoft.com/azure/cosmos-db/how-to-setup-rbac#permission-model
 */
const cosmosActions: Readonly<Record<string, readonly string[]>> = {
  get: [read],
  list: [`${COSMOS}/sqlDatabases/containers/executeQuery`],
  create: [read, `${ITEMS}/create`, `${ITEMS}/replace`],
  put: [read, `${ITEMS}/create`, `${ITEMS}/replace`, `${ITEMS}/upsert`],
  update: [read, `${ITEMS}/create`, `${ITEMS}/replace`],
  delete: [read, `${ITEMS}/delete`],
  transact: ["create", "delete", "read", "replace", "upsert"].map((verb) => `${ITEMS}/${verb}`),
};

type QueueKind = NonNullable<AzureOptions["queue"]>;

// https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#grant-permission-to-the-identity
const queueRoles: Readonly<Record<QueueKind, { send: string; receive: readonly string[] }>> = {
  "storage-queue": {
    send: "Storage Queue Data Message Sender",
    receive: ["Storage Queue Data Message Processor", "Storage Queue Data Reader"],
  },
  "service-bus": {
    send: "Azure Service Bus Data Sender",
    receive: ["Azure Service Bus Data Receiver"],
  },
};

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage */
const blobRoles: Readonly<Record<string, string>> = {
  get: "Storage Blob Data Reader",
  list: "Storage Blob Data Reader",
  put: "Storage Blob Data Contributor",
  delete: "Storage Blob Data Contributor",
  // What a signed URL allows is no more than its signer may do.
  sign: "Storage Blob Data Contributor",
};

/**
 * What each function needs on Azure: data actions on a container of Cosmos DB, roles on everything else. All functions
 * of an app share one identity, so in effect each has what any of them has; Azure offers nothing narrower per app.
 */
export function permissionsAzure(
  manifest: DeployManifest,
  { queue = "storage-queue" }: Pick<AzureOptions, "queue"> = {},
): CloudPermissions {
  const { functions } = forTarget(manifest, "azure");
  return new Map(
    functions.map((definition) => [definition.name, permissionsOf(definition, queue)]),
  );
}

/** What the app's identity needs: all that its functions do. */
export function appPermissions(
  manifest: DeployManifest,
  options: Pick<AzureOptions, "queue">,
): readonly CloudPermission[] {
  return mergePermissions([...permissionsAzure(manifest, options).values()].flat());
}

/** What a permission is on, as `kind/name`; a secret whose name has a part that is open is the whole vault. */
function resourceOf({ kind, resource }: Permission): string {
  if (kind === "secret" && resource.includes("*")) return "vault";
  return `${kind}/${resource}`;
}

function permissionsOf(
  { trigger, permissions }: DeployFunction,
  queue: QueueKind,
): readonly CloudPermission[] {
  const own = permissions.flatMap((permission): CloudPermission[] => {
    const actions = actionsOf(permission, queue);
    return actions.length === 0 ? [] : [{ resource: resourceOf(permission), actions }];
  });
  const signs = permissions.some(({ kind, verbs }) => kind === "blob" && verbs.includes("sign"));
  // To sign by its identity it asks the account for a key, which no container can give.
  if (signs) own.push({ resource: "buckets", actions: ["Storage Blob Delegator"] });
  if (trigger.kind !== "queue") return mergePermissions(own);
  own.push({ resource: `queue/${trigger.queue}`, actions: queueRoles[queue].receive });
  if (queue === "storage-queue") {
    own.push({ resource: `poison/${trigger.queue}`, actions: [queueRoles[queue].send] });
  }
  return mergePermissions(own);
}

function actionsOf({ kind, resource, verbs }: Permission, queue: QueueKind): readonly string[] {
  switch (kind) {
    case "state":
      return [`${COSMOS}/readMetadata`, ...verbs.flatMap((verb) => cosmosActions[verb] ?? [])];
    case "queue":
      return [queueRoles[queue].send];
    case "topic":
      return ["EventGrid Data Sender"];
    case "blob":
      return [...new Set(verbs.flatMap((verb) => blobRoles[verb] ?? []))];
    case "secret":
      return ["Key Vault Secrets User"];
    case "models":
      throw modelsNotDeployed(resource);
    // Integrations are called by HTTPS with an API key, which is a secret.
    case "action":
      return [];
  }
}
