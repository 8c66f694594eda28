import { type Block, type Element, labelOf, resource } from "#shared/terraform";
import { poisonQueue } from "./names.ts";
import type { Parts } from "./parts.ts";

/** The storage accounts and what is in them. */
export type Storage = {
  /** Of the Functions host: packages, locks, queues. */
  readonly host: Element;
  readonly packages: Element;
  /** Of our buckets, where there are any. */
  readonly data: Element | undefined;
  /** By `queue/<name>`, `poison/<name>` and `blob/<name>`. */
  readonly byResource: ReadonlyMap<string, Element>;
  readonly elements: readonly Element[];
};

/** No key, no anonymous access, no plain HTTP: whoever comes shows an identity. */
const closed = {
  account_tier: "Standard",
  account_kind: "StorageV2",
  account_replication_type: "ZRS",
  min_tls_version: "TLS1_2",
  https_traffic_only_enabled: true,
  allow_nested_items_to_be_public: false,
  shared_access_key_enabled: false,
  default_to_oauth_authentication: true,
  cross_tenant_replication_enabled: false,
  local_user_enabled: false,
} satisfies Block;

/** Two accounts, because the Functions host owns all blobs of its own one. */
export function storageOf({ manifest, names, options, placed }: Parts): Storage {
  const host = account("host", names.hostAccount, placed);
  const packages = container("packages", "packages", host);
  const byResource = new Map<string, Element>();
  if (options.queue !== "service-bus") {
    for (const { name, consumer } of manifest.queues) {
      byResource.set(`queue/${name}`, queueIn(host, name));
      if (consumer !== undefined)
        byResource.set(`poison/${name}`, queueIn(host, poisonQueue(name)));
    }
  }
  if (manifest.buckets.length === 0) {
    const elements = [host, packages, ...byResource.values()];
    return { host, packages, data: undefined, byResource, elements };
  }
  const data = account("data", names.dataAccount, placed);
  for (const { name } of manifest.buckets) {
    byResource.set(`blob/${name}`, container(labelOf("bucket", name), name, data));
  }
  const elements = [host, packages, data, ...byResource.values(), ...expiry(data, manifest)];
  return { host, packages, data, byResource, elements };
}

function account(label: string, name: string, placed: Block): Element {
  return resource("azurerm_storage_account", label, { name, ...placed, ...closed });
}

function container(label: string, name: string, { get }: Element): Element {
  return resource("azurerm_storage_container", label, {
    name,
    storage_account_id: get("id"),
    container_access_type: "private",
  });
}

function queueIn({ get }: Element, name: string): Element {
  return resource("azurerm_storage_queue", labelOf(name), { name, storage_account_id: get("id") });
}

/** https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview */
function expiry({ get }: Element, { buckets }: Parts["manifest"]): readonly Element[] {
  const rules = buckets.flatMap(({ name, ttlDays }): Block[] => {
    if (ttlDays === undefined) return [];
    return [
      {
        name: `expire-${name}`,
        enabled: true,
        filters: { prefix_match: [`${name}/`], blob_types: ["blockBlob"] },
        actions: { base_blob: { delete_after_days_since_modification_greater_than: ttlDays } },
      },
    ];
  });
  if (rules.length === 0) return [];
  const body = { storage_account_id: get("id"), rule: rules };
  return [resource("azurerm_storage_management_policy", "data", body)];
}
