import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FunctionDefinition } from "#shared/function";
import { describe, expect, it } from "vitest";
import { renderAzure } from "../../adapters/azure/deploy/index.ts";
import { renderGcp } from "../../adapters/gcp/deploy/index.ts";
import { deployManifest } from "../build/deploy-manifest.ts";
import { readRegistry } from "../build/registry.ts";
import { readConfigurationFile } from "./configuration.ts";
import { publicFunctionsOf, violationsOf } from "./policies.ts";
import { COMMITTED, renderInfra } from "./render.ts";
import { specimen } from "./specimen.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const everything = Object.values(specimen);

/** The rendered resources that give somebody a right, by address, as text. */
function rightsOf(definitions: readonly FunctionDefinition[]): Record<string, string> {
  const files = renderInfra(deployManifest(definitions), COMMITTED);
  return Object.fromEntries(
    [...files].flatMap(([file, text]) => {
      if (!file.endsWith(".tf.json")) return [];
      return readConfigurationFile(text, file, () => ({}))
        .elements.filter(({ type }) => /role|iam_member/.test(type))
        .map(({ type, name, body }) => [`${type}.${name}`, JSON.stringify(body)]);
    }),
  );
}

/** The specimen without one grant of a function. */
function without(name: string, grant: string): readonly FunctionDefinition[] {
  return everything.map((definition) => {
    if (definition.name !== name) return definition;
    const uses = Object.entries(definition.uses).filter(([member]) => member !== grant);
    return { ...definition, uses: Object.fromEntries(uses) };
  });
}

describe("what is committed", () => {
  it("is rendered from the definitions; `npm run gen` renews it", async () => {
    const { deployables } = await readRegistry(root);
    const manifest = deployManifest(deployables.map(({ definition }) => definition));
    const rendered = renderInfra(manifest, COMMITTED);
    const folders = ["azure", "gcp"].map((cloud) => `infra/generated/${cloud}`);
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder)).map((file) => `${folder}/${file}`),
    );
    expect(files.filter((file) => !file.includes(".terraform"))).toEqual([...rendered.keys()]);
    for (const [file, text] of rendered) {
      expect(readFileSync(join(root, file), "utf8"), file).toBe(text);
    }
  });
});

describe("everything that can be rendered", () => {
  const manifest = deployManifest(everything);

  it.each([
    ["Azure", renderAzure(manifest, { stage: "dev", region: "westeurope" })],
    [
      "Azure with Service Bus",
      renderAzure(deployManifest([specimen.clock, specimen.api]), {
        stage: "dev",
        region: "westeurope",
        queue: "service-bus",
      }),
    ],
    ["Google", renderGcp(manifest, { stage: "dev", region: "europe-west1" })],
  ])("keeps to the policies on %s", (_, files) => {
    for (const [file, text] of files) {
      if (!file.endsWith(".tf.json")) continue;
      const { elements } = readConfigurationFile(text, file, () => ({}));
      expect(violationsOf(elements, publicFunctionsOf(manifest))).toEqual([]);
    }
  });

  it("does not depend on the order of definitions", () => {
    const turned = deployManifest(everything.toReversed());
    expect([...renderInfra(turned, COMMITTED)]).toEqual([...renderInfra(manifest, COMMITTED)]);
  });

  // The app has one identity on Azure and each function its own on Google.
  it.each([
    [
      "order-worker",
      "outbox",
      [
        "azurerm_role_assignment.app_queue_outbox_queue_data_message_sender",
        "google_pubsub_topic_iam_member.order_worker_queue_outbox_publisher",
      ],
    ],
    [
      "order-worker",
      "placed",
      [
        "azurerm_role_assignment.app_topic_placed_eventgrid_data_sender",
        "google_pubsub_topic_iam_member.order_worker_topic_placed_publisher",
      ],
    ],
    [
      "order-worker",
      "key",
      [
        "azurerm_role_assignment.app_secret_signing_key_key_vault_secrets_user",
        "google_secret_manager_secret_iam_member.order_worker_secret_signing_key_secretAccessor",
      ],
    ],
    [
      "order-worker",
      "files",
      [
        "azurerm_role_assignment.app_blob_files_blob_data_contributor",
        "azurerm_role_assignment.app_blob_files_blob_data_reader",
        "azurerm_role_assignment.app_buckets_blob_delegator",
        "google_service_account_iam_member.order_worker_account_order_worker_serviceAccountTokenCreator",
        "google_storage_bucket_iam_member.order_worker_blob_files_objectUser",
        "google_storage_bucket_iam_member.order_worker_blob_files_objectViewer",
      ],
    ],
    [
      "order-api",
      "jobs",
      // The worker may put a message back itself, and so the app on Azure still may. A body that is too large for its
      // queue goes through the claims' bucket, which nothing else here needs.
      [
        "google_pubsub_topic_iam_member.order_api_queue_jobs_publisher",
        "google_storage_bucket_iam_member.order_api_blob_claims_objectUser",
        "google_storage_bucket_iam_member.order_api_blob_claims_objectViewer",
      ],
    ],
  ])("loses exactly the rights of a grant that is removed: %s %s", (name, grant, rights) => {
    const before = rightsOf(everything);
    const after = rightsOf(without(name, grant));
    const lost = Object.keys(before).filter((address) => after[address] !== before[address]);
    expect(lost.toSorted()).toEqual(rights);
    expect(Object.keys(after).filter((address) => before[address] === undefined)).toEqual([]);
  });

  it("loses exactly the verbs of a grant on a store, where the store stays in use", () => {
    const before = rightsOf([specimen.worker]);
    const narrowed = rightsOf(without("order-worker", "write").slice(0, 1));
    const role = "azurerm_cosmosdb_sql_role_definition.orders";
    expect(before[role]).toContain("items/delete");
    expect(narrowed[role]).not.toContain("items/delete");
    expect(narrowed[role]).toContain("items/read");
    const custom = "google_project_iam_custom_role.rows_";
    expect(Object.keys(before)).toContain(`${custom}create_delete_get_list_update`);
    expect(Object.keys(narrowed)).toContain(`${custom}get_list`);
    expect(Object.keys(narrowed)).not.toContain(`${custom}create_delete_get_list_update`);
  });
});
