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

const entities = (...verbs: readonly string[]): readonly string[] =>
  verbs.map((verb) => `datastore.entities.${verb}`);

/**
 * What Firestore has to allow for a verb. A refused write reads to see why, and an unconditional one creates or updates.
 * https://cloud.google.com/firestore/docs/security/iam#required_permissions
 */
const firestorePermissions: Readonly<Record<string, readonly string[]>> = {
  get: entities("get"),
  list: entities("get", "list"),
  create: entities("create", "get", "update"),
  put: entities("create", "get", "update"),
  update: entities("create", "get", "update"),
  delete: entities("delete", "get"),
  transact: entities("create", "delete", "get", "update"),
};

/** https://cloud.google.com/storage/docs/access-control/iam-roles; to write over an object is to delete one. */
const bucketRoles: Readonly<Record<string, string>> = {
  get: "roles/storage.objectViewer",
  list: "roles/storage.objectViewer",
  put: "roles/storage.objectUser",
  delete: "roles/storage.objectUser",
  // What a signed URL allows is no more than its signer may do.
  sign: "roles/storage.objectUser",
};

/**
 * What each function's own service account needs on Google: permissions on the Firestore database, roles on everything
 * else. Firestore cannot tell collections apart in IAM, so a verb on one store is that verb on all of them.
 */
export function permissionsGcp(manifest: DeployManifest): CloudPermissions {
  const { functions } = forTarget(manifest, "gcp");
  return new Map(functions.map((definition) => [definition.name, permissionsOf(definition)]));
}

/** The function that runs the actions of an integration. */
export function integrationOf(action: string): string {
  return `integration-${action.split(".")[0] ?? ""}`;
}

function permissionsOf({ name, permissions }: DeployFunction): readonly CloudPermission[] {
  const signs = permissions.some(({ kind, verbs }) => kind === "blob" && verbs.includes("sign"));
  return mergePermissions([
    ...permissions.map(permissionOf),
    // Without a private key of its own it has its signatures made: https://cloud.google.com/iam/docs/service-account-permissions
    ...(signs
      ? [{ resource: `account/${name}`, actions: ["roles/iam.serviceAccountTokenCreator"] }]
      : []),
  ]);
}

function permissionOf({ kind, resource, verbs }: Permission): CloudPermission {
  switch (kind) {
    case "state":
      return {
        resource: "firestore",
        actions: verbs.flatMap((verb) => firestorePermissions[verb] ?? []),
      };
    case "queue":
    case "topic":
      return { resource: `${kind}/${resource}`, actions: ["roles/pubsub.publisher"] };
    case "blob":
      return {
        resource: `blob/${resource}`,
        actions: verbs.flatMap((verb) => bucketRoles[verb] ?? []),
      };
    case "secret":
      return { resource: `secret/${resource}`, actions: ["roles/secretmanager.secretAccessor"] };
    case "models":
      throw modelsNotDeployed(resource);
    case "action":
      return { resource: `function/${integrationOf(resource)}`, actions: ["roles/run.invoker"] };
  }
}
