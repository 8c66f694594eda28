import type { DeployManifest } from "#shared/plan";
import { type Block, type Element, resource } from "#shared/terraform";
import type { AzureNames, AzureOptions } from "./names.ts";

/** What every part of a deployment to Azure is made from. */
export type Parts = {
  readonly manifest: DeployManifest;
  readonly names: AzureNames;
  readonly options: AzureOptions;
  /** What all resources of the group begin with. */
  readonly placed: { readonly resource_group_name: string; readonly location: string };
  /** The app's identity; all of its functions share it. */
  readonly identity: Element;
};

/** A resource group and the identity of the app. */
export function foundations(names: AzureNames, { region, stage }: AzureOptions) {
  const group = resource("azurerm_resource_group", "main", {
    name: names.prefix,
    location: region,
    tags: { application: "auterity", stage },
  });
  const placed = { resource_group_name: group.get("name"), location: group.get("location") };
  const identity = resource("azurerm_user_assigned_identity", "app", {
    name: `${names.prefix}-app`,
    ...placed,
  });
  return { group, placed, identity };
}

/** The role of an identity on exactly one thing. */
export function assignment(
  name: string,
  { role, scope, principal }: { role: string; scope: string; principal: string },
): Element {
  return resource("azurerm_role_assignment", name, {
    scope,
    role_definition_name: role,
    principal_id: principal,
    principal_type: "ServicePrincipal",
  } satisfies Block);
}

/** What roles on an element are given on. The id of what is in a storage account was the one of its data plane once. */
export function scopeOf({ type, get }: Element): string {
  return get(type.startsWith("azurerm_storage_") ? "resource_manager_id" : "id");
}
