import { type Element, resource } from "#shared/terraform";
import { vaultName } from "../drivers/secrets-key-vault.ts";
import type { Parts } from "./parts.ts";

/** A vault that is opened by roles alone, and whose readers are logged. Secrets are put into it by hand. */
export function vaultOf(
  { names, placed }: Parts,
  workspace: Element,
): { readonly vault: Element; readonly elements: readonly Element[] } {
  const vault = resource("azurerm_key_vault", "main", {
    name: names.vault,
    ...placed,
    tenant_id: "${data.azurerm_client_config.current.tenant_id}",
    sku_name: "standard",
    rbac_authorization_enabled: true,
    purge_protection_enabled: true,
    soft_delete_retention_days: 90,
  });
  const log = resource("azurerm_monitor_diagnostic_setting", "vault", {
    name: `${names.prefix}-vault`,
    target_resource_id: vault.get("id"),
    log_analytics_workspace_id: workspace.get("id"),
    enabled_log: [{ category: "AuditEvent" }],
  });
  return { vault, elements: [vault, log] };
}

/**
 * What a role for a secret is given on: that secret, or the vault where parts of the name are only known at run time.
 * `undefined` for what is no secret.
 */
export function secretScope({ get }: Element, on: string): string | undefined {
  if (on === "vault") return get("id");
  const [, name] = /^secret\/(.+)$/.exec(on) ?? [];
  return name === undefined ? undefined : `${get("id")}/secrets/${vaultName(name)}`;
}
