import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { beforeAll, describe, expect, it } from "vitest";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry } from "../build/registry.ts";
import { readConfigurationFile, readConfigurations } from "./configuration.ts";
import { hclReader } from "./hcl.ts";
import { publicFunctionsOf, violationsOf } from "./policies.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const Bodies = z.record(z.string(), z.record(z.string(), z.unknown()));
const Config = z.looseObject({ resource: z.record(z.string(), Bodies) });

type Resources = z.infer<typeof Config>["resource"];

let publicFunctions: readonly string[] = [];
beforeAll(async () => {
  const { deployables } = await readRegistry(root);
  publicFunctions = publicFunctionsOf(
    deployManifest(deployables.map(({ definition }) => definition)),
  );
});

/** What is against the policies in the committed files of a cloud, after somebody changed a copy by hand. */
function violationsWith(cloud: "azure" | "gcp", change: (resources: Resources) => void) {
  const file = `infra/generated/${cloud}/main.tf.json`;
  const config = Config.parse(JSON.parse(readFileSync(`${root}${file}`, "utf8")));
  change(config.resource);
  const { elements } = readConfigurationFile(JSON.stringify(config), file, () => ({}));
  return violationsOf(elements, publicFunctions);
}

/** Puts something into the body of an existing resource. */
function put(resources: Resources, type: string, name: string, change: object): void {
  const body = resources[type]?.[name];
  if (body === undefined) throw new Error(`there is no ${type}.${name}`);
  Object.assign(body, change);
}

/** Puts a resource beside the others. */
function add(resources: Resources, type: string, body: Record<string, unknown>): void {
  resources[type] = { ...resources[type], by_hand: body };
}

function withEverybodyIn(service: string): readonly string[] {
  return violationsWith("gcp", (resources) => {
    add(resources, "google_cloud_run_service_iam_member", {
      service: `\${google_cloudfunctions2_function.${service}.name}`,
      role: "roles/run.invoker",
      member: "allUsers",
    });
  });
}

const bucket = {
  name: "by-hand",
  location: "europe-west1",
  uniform_bucket_level_access: true,
  public_access_prevention: "enforced",
};

describe("the policies", () => {
  it("hold for everything below infra, rendered and written by hand", () => {
    const configurations = readConfigurations(root, "infra", hclReader(root));
    expect(configurations.map(({ folder }) => folder)).toEqual(
      expect.arrayContaining(["infra/generated/azure", "infra/generated/gcp"]),
    );
    for (const { folder, elements } of configurations) {
      expect(violationsOf(elements, publicFunctions), folder).toEqual([]);
    }
  });

  it("see files that somebody puts there", () => {
    const copy = mkdtempSync(join(tmpdir(), "infra-"));
    const bucketByHand = { ...bucket, public_access_prevention: "inherited" };
    const file = { resource: { google_storage_bucket: { by_hand: bucketByHand } } };
    mkdirSync(join(copy, "infra/modules/mine"), { recursive: true });
    writeFileSync(join(copy, "infra/modules/mine/bucket.tf.json"), JSON.stringify(file));
    const [mine] = readConfigurations(copy, "infra", hclReader(copy));
    expect(violationsOf(mine?.elements ?? [], publicFunctions)[0]).toContain("no-public-storage");
    writeFileSync(join(copy, "infra/modules/mine/bucket.tf"), "");
    expect(() => readConfigurations(copy, "infra", hclReader(copy))).toThrow(
      "infra/modules/mine/bucket.tf cannot be read",
    );
    rmSync(copy, { recursive: true });
  });

  it("let everybody into functions with a public route, and only there", () => {
    expect(withEverybodyIn("integration_slack")).toEqual([]);
    expect(withEverybodyIn("pulse_state")[0]).toContain('no-wildcard: member is "allUsers"');
  });

  it.each([
    [
      "a public bucket of Google's",
      "no-public-storage",
      (resources: Resources) => {
        add(resources, "google_storage_bucket", {
          ...bucket,
          public_access_prevention: "inherited",
        });
      },
    ],
    [
      "a bucket of Google's that does not say whether it is public",
      "no-public-storage",
      (resources: Resources) => {
        const { public_access_prevention: _, ...rest } = bucket;
        add(resources, "google_storage_bucket", rest);
      },
    ],
    [
      "everybody in a bucket",
      "no-wildcard",
      (resources: Resources) => {
        add(resources, "google_storage_bucket_iam_member", {
          bucket: "by-hand",
          role: "roles/storage.objectViewer",
          member: "allUsers",
        });
      },
    ],
    [
      "everybody in by a resource nobody thought of",
      "allowed-types",
      (resources: Resources) => {
        add(resources, "google_storage_bucket_access_control", { entity: "allUsers" });
      },
    ],
    [
      "a role on the whole project",
      "no-wildcard",
      (resources: Resources) => {
        add(resources, "google_project_iam_member", {
          role: "roles/datastore.user",
          member: "${google_service_account.caller.member}",
        });
      },
    ],
    [
      "a role that can do everything",
      "no-wildcard",
      (resources: Resources) => {
        put(resources, "google_pubsub_topic_iam_member", "pulse_fold_queue_pulse_fold_publisher", {
          role: "roles/pubsub.admin",
        });
      },
    ],
    [
      "a wildcard in a role of ours",
      "no-wildcard",
      (resources: Resources) => {
        const [name = ""] = Object.keys(resources["google_project_iam_custom_role"] ?? {});
        put(resources, "google_project_iam_custom_role", name, {
          permissions: ["datastore.entities.*"],
        });
      },
    ],
    [
      "a schedule that calls without an identity",
      "authenticated-calls",
      (resources: Resources) => {
        put(resources, "google_cloud_scheduler_job", "pulse_digest", {
          http_target: { uri: "https://example.org" },
        });
      },
    ],
    [
      "a key in a setting of Google's",
      "no-plain-secrets",
      (resources: Resources) => {
        put(resources, "google_cloudfunctions2_function", "pulse_fold", {
          service_config: { environment_variables: { SLACK_TOKEN: "abc" } },
        });
      },
    ],
  ])("find %s", (_, id, change) => {
    const found = violationsWith("gcp", change);
    expect(found.length).toBeGreaterThan(0);
    for (const text of found) expect(text).toContain(`: ${id}: `);
  });

  it.each([
    [
      "a public container of Azure's",
      "no-public-storage",
      (resources: Resources) => {
        put(resources, "azurerm_storage_container", "packages", { container_access_type: "blob" });
      },
    ],
    [
      "an account that lets containers be public",
      "no-public-storage",
      (resources: Resources) => {
        put(resources, "azurerm_storage_account", "host", {
          allow_nested_items_to_be_public: true,
        });
      },
    ],
    [
      "keys of a storage account",
      "no-keys",
      (resources: Resources) => {
        put(resources, "azurerm_storage_account", "host", { shared_access_key_enabled: true });
      },
    ],
    [
      "an old TLS",
      "tls-minimum",
      (resources: Resources) => {
        put(resources, "azurerm_storage_account", "host", { min_tls_version: "TLS1_0" });
      },
    ],
    [
      "plain HTTP",
      "encrypted-in-transit",
      (resources: Resources) => {
        put(resources, "azurerm_function_app_flex_consumption", "main", { https_only: false });
      },
    ],
    [
      "a role on the whole resource group",
      "no-wildcard",
      (resources: Resources) => {
        put(resources, "azurerm_role_assignment", "app_host", {
          scope: "${azurerm_resource_group.main.id}",
        });
      },
    ],
    [
      "an owner",
      "no-wildcard",
      (resources: Resources) => {
        put(resources, "azurerm_role_assignment", "app_host", { role_definition_name: "Owner" });
      },
    ],
    [
      "a wildcard in a role of Cosmos DB's",
      "no-wildcard",
      (resources: Resources) => {
        put(resources, "azurerm_cosmosdb_sql_role_definition", "deliveries", {
          permissions: {
            data_actions: ["Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*"],
          },
        });
      },
    ],
    [
      "the key of an account in a setting",
      "no-plain-secrets",
      (resources: Resources) => {
        put(resources, "azurerm_function_app_flex_consumption", "main", {
          storage_access_key: "${azurerm_storage_account.host.primary_access_key}",
        });
      },
    ],
    [
      "a connection string in a setting",
      "no-plain-secrets",
      (resources: Resources) => {
        put(resources, "azurerm_function_app_flex_consumption", "main", {
          app_settings: { AUTERITY_QUEUE_ACCOUNT: "AccountName=a;AccountKey=b" },
        });
      },
    ],
  ])("find %s", (_, id, change) => {
    const found = violationsWith("azure", change);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`: ${id}: `);
  });
});
