import type { CloudPermission } from "#shared/plan";
import { type Element, labelOf, resource } from "#shared/terraform";
import * as z from "zod";
import { containerDefinition } from "../drivers/cosmos-client.ts";
import type { Parts } from "./parts.ts";

export const DATABASE = "auterity";

const Paths = z.array(z.object({ path: z.string() }));
/** What we say in a container's definition, which the driver's SDK types far wider. */
const Definition = z.strictObject({
  id: z.string(),
  partitionKey: z.strictObject({ paths: z.array(z.string()) }),
  defaultTtl: z.number(),
  indexingPolicy: z.strictObject({
    indexingMode: z.string(),
    includedPaths: Paths,
    excludedPaths: Paths,
  }),
});

/**
 * A serverless account that takes no keys, a container per store, and for each container a role with the data actions
 * that the app's functions need there.
 */
export function cosmosOf(
  parts: Parts,
  granted: readonly CloudPermission[],
): { readonly account: Element; readonly elements: readonly Element[] } {
  const { names, placed, manifest } = parts;
  const account = resource("azurerm_cosmosdb_account", "main", {
    name: names.cosmos,
    ...placed,
    offer_type: "Standard",
    kind: "GlobalDocumentDB",
    minimal_tls_version: "Tls12",
    local_authentication_disabled: true,
    access_key_metadata_writes_enabled: false,
    capabilities: [{ name: "EnableServerless" }],
    consistency_policy: { consistency_level: "Session" },
    geo_location: [{ location: placed.location, failover_priority: 0 }],
    backup: { type: "Continuous", tier: "Continuous7Days" },
  });
  const within = {
    resource_group_name: placed.resource_group_name,
    account_name: account.get("name"),
  };
  const database = resource("azurerm_cosmosdb_sql_database", "main", { name: DATABASE, ...within });
  const containers = manifest.stores.map(({ name }) => containerOf(name, within, database));
  const roles = manifest.stores.flatMap(({ name }) => {
    const own = granted.find(({ resource: on }) => on === `state/${name}`);
    return own === undefined ? [] : roleOn(name, own.actions, { parts, account, within });
  });
  return { account, elements: [account, database, ...containers, ...roles] };
}

type Within = { readonly resource_group_name: string; readonly account_name: string };

function containerOf(store: string, within: Within, database: Element): Element {
  const { id, partitionKey, defaultTtl, indexingPolicy } = Definition.parse(
    containerDefinition(store),
  );
  return resource("azurerm_cosmosdb_sql_container", labelOf(store), {
    name: id,
    ...within,
    database_name: database.get("name"),
    partition_key_paths: partitionKey.paths,
    partition_key_version: 2,
    default_ttl: defaultTtl,
    indexing_policy: {
      indexing_mode: indexingPolicy.indexingMode,
      included_path: indexingPolicy.includedPaths,
      excluded_path: indexingPolicy.excludedPaths,
    },
  });
}

function roleOn(
  store: string,
  actions: readonly string[],
  {
    parts,
    account,
    within,
  }: { readonly parts: Parts; readonly account: Element; readonly within: Within },
): readonly Element[] {
  const label = labelOf(store);
  const scope = `${account.get("id")}/dbs/${DATABASE}/colls/${store}`;
  const role = resource("azurerm_cosmosdb_sql_role_definition", label, {
    name: `${parts.names.prefix}-${store}`,
    ...within,
    type: "CustomRole",
    assignable_scopes: [scope],
    permissions: { data_actions: actions },
    // Names are in the scope as text, so that Terraform does not see what has to be there first.
    depends_on: [`azurerm_cosmosdb_sql_container.${label}`],
  });
  const assigned = resource("azurerm_cosmosdb_sql_role_assignment", label, {
    ...within,
    scope,
    role_definition_id: role.get("id"),
    principal_id: parts.identity.get("principal_id"),
  });
  return [role, assigned];
}
