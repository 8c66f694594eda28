import type { DeployFunction, DeployManifest, DeployQueue } from "#shared/plan";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { azureBlob } from "../services/blob.ts";
import { azureQueue } from "../services/queue.ts";
import { azureSecrets } from "../services/secrets.ts";
import { azureState } from "../services/state.ts";
import { azureTopic } from "../services/topic.ts";
import { type AzureOptions, permissionsAzure, renderAzure } from "./index.ts";

const dev: AzureOptions = { stage: "dev", region: "westeurope" };

function functionOf(name: string, change: Partial<DeployFunction> = {}): DeployFunction {
  return {
    name,
    summary: name,
    trigger: { kind: "queue", queue: name, batch: 1 },
    targets: ["aws", "azure", "gcp"],
    limits: { timeoutSeconds: 30, memoryMb: 256 },
    permissions: [{ kind: "queue", resource: name, verbs: ["send"] }],
    ...change,
  };
}

function queueOf(consumer: string, change: Partial<DeployQueue> = {}): DeployQueue {
  return {
    name: consumer,
    consumer,
    maxAttempts: 5,
    visibilitySeconds: 60,
    deadLetterQueue: undefined,
    ...change,
  };
}

function manifestOf(change: Partial<DeployManifest>): DeployManifest {
  const none = { functions: [], stores: [], queues: [], topics: [], buckets: [], secrets: [] };
  return { ...none, ...change };
}

const HostJson = z.object({
  functionTimeout: z.string(),
  extensions: z.looseObject({
    queues: z.object({ visibilityTimeout: z.string(), maxDequeueCount: z.number() }).optional(),
    serviceBus: z.object({ maxAutoLockRenewalDuration: z.string() }).optional(),
  }),
});
const App = z.object({ app_settings: z.record(z.string(), z.string()) });
const Main = z.object({
  resource: z.object({
    azurerm_function_app_flex_consumption: z.object({ main: App }),
    azurerm_servicebus_queue: z
      .record(z.string(), z.object({ lock_duration: z.string() }))
      .optional(),
  }),
});

function hostJson(manifest: DeployManifest, options = dev) {
  const text = renderAzure(manifest, options).get("infra/generated/azure/host.json") ?? "";
  return HostJson.parse(JSON.parse(text));
}

function resources(manifest: DeployManifest, options = dev) {
  const text = renderAzure(manifest, options).get("infra/generated/azure/main.tf.json") ?? "";
  return Main.parse(JSON.parse(text)).resource;
}

/** Two functions with a queue each, the second one's as given. */
function two(other: Partial<DeployQueue>): DeployManifest {
  return manifestOf({
    functions: [functionOf("first"), functionOf("second")],
    queues: [queueOf("first"), queueOf("second", other)],
  });
}

describe("host.json", () => {
  it("has what all functions need", () => {
    const slow = functionOf("slow", { limits: { timeoutSeconds: 4000, memoryMb: 256 } });
    const queues = [queueOf("slow"), queueOf("quick", { maxAttempts: 30 })];
    const manifest = manifestOf({ functions: [slow, functionOf("quick")], queues });
    expect(hostJson(manifest)).toMatchObject({
      functionTimeout: "01:07:10",
      extensions: {
        http: { routePrefix: "" },
        queues: { visibilityTimeout: "00:01:00", maxDequeueCount: 31 },
      },
    });
  });

  it("is refused for two functions that need different values, naming both and the way out", () => {
    expect(() => hostJson(two({ visibilitySeconds: 90 }))).toThrow(
      /"first" needs 60 s and "second" 90 s of extensions.queues.visibilityTimeout.*service-bus/,
    );
  });

  it("leaves the time to each queue with Service Bus", () => {
    const manifest = two({ visibilitySeconds: 90 });
    const options = { ...dev, queue: "service-bus" } as const;
    const { extensions } = hostJson(manifest, options);
    expect(extensions.queues).toBeUndefined();
    expect(extensions.serviceBus).toEqual(expect.objectContaining({}));
    expect(resources(manifest, options).azurerm_servicebus_queue).toEqual({
      first: { lock_duration: "PT60S" },
      second: { lock_duration: "PT90S" },
    });
    expect(() => resources(two({ visibilitySeconds: 400 }), options)).toThrow("locks for 300 s");
  });
});

describe("the app's settings", () => {
  const manifest = manifestOf({
    functions: [
      functionOf("worker", {
        permissions: [
          { kind: "blob", resource: "files", verbs: ["get"] },
          { kind: "topic", resource: "orders", verbs: ["publish"] },
        ],
      }),
    ],
    queues: [queueOf("worker")],
    topics: [{ name: "orders", subscriptions: [] }],
    buckets: [{ name: "files", ttlDays: undefined }],
  });

  it.each(["storage-queue", "service-bus"] as const)(
    "are those that its services read: %s",
    (queue) => {
      const { azurerm_function_app_flex_consumption: app } = resources(manifest, { ...dev, queue });
      const settings = app.main.app_settings;
      expect(azureState(settings, Date).name).toBe("azure-cosmos");
      expect(azureQueue(settings, Date).name).toBe(
        queue === "service-bus" ? "azure-service-bus" : "azure-storage-queue",
      );
      expect(azureTopic(settings).name).toBe("azure-event-grid");
      expect(azureBlob(settings).name).toBe("azure-blob-storage");
      expect(azureSecrets(settings).name).toBe("azure-key-vault");
    },
  );
});

describe("names", () => {
  const long = "q".repeat(58);
  const topic = "t".repeat(40);
  const permissions = [{ kind: "topic", resource: topic, verbs: ["publish"] }] as const;

  it.each([
    ["a stage's", {}, { stage: "production" }, 'Azure storage account "production"'],
    ["a stage's letters", {}, { stage: "a-b" }, "is no stage"],
    [
      "a queue's",
      { functions: [functionOf(long)], queues: [queueOf(long)] },
      {},
      `Azure queue "${long}-poison"`,
    ],
    [
      "a topic's",
      {
        functions: [functionOf("worker", { permissions })],
        queues: [queueOf("worker")],
        topics: [{ name: topic, subscriptions: [] }],
      },
      {},
      `Azure Event Grid topic "${topic}"`,
    ],
    [
      "two queues' that would be one",
      {
        functions: [functionOf("jobs"), functionOf("jobs-poison")],
        queues: [queueOf("jobs"), queueOf("jobs-poison")],
      },
      {},
      'two azurerm_storage_queue called "jobs_poison"',
    ],
  ])("are refused when Azure would not take them: %s", (_, change, options, complaint) => {
    expect(() => renderAzure(manifestOf(change), { ...dev, ...options })).toThrow(complaint);
  });
});

describe("permissions", () => {
  it("are of Azure's functions only, and the vault's where a secret's name is open", () => {
    const permissions = [
      { kind: "secret", resource: "connections/*/box", verbs: ["read"] },
      { kind: "secret", resource: "api-keys", verbs: ["read"] },
      { kind: "action", resource: "box.tell", verbs: ["call"] },
    ] as const;
    const http = { kind: "http", routes: [] } as const;
    const manifest = manifestOf({
      functions: [
        functionOf("page", { trigger: http, permissions }),
        functionOf("elsewhere", { targets: ["aws"] }),
      ],
    });
    expect([...permissionsAzure(manifest)]).toEqual([
      [
        "page",
        [
          { resource: "secret/api-keys", actions: ["Key Vault Secrets User"] },
          { resource: "vault", actions: ["Key Vault Secrets User"] },
        ],
      ],
    ]);
  });
});

describe("the app", () => {
  it("is refused for a function that no instance has the memory for", () => {
    const large = functionOf("large", { limits: { timeoutSeconds: 30, memoryMb: 8192 } });
    expect(() => renderAzure(manifestOf({ functions: [large] }), dev)).toThrow(
      '"large" needs more than the 4096 MB',
    );
  });
});
