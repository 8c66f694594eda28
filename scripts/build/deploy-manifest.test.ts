import { fileURLToPath } from "node:url";
import { defineFunction, queueTrigger } from "#shared/function";
import { queue } from "#shared/queue";
import { store } from "#shared/state";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { deployManifest } from "./deploy-manifest.ts";
import { readRegistry } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const orders = store("orders", {
  schema: z.object({ shop: z.string(), id: z.string() }),
  partition: "shop",
  sort: "id",
  ttl: true,
});
const jobs = queue("jobs", { schema: z.object({}), maxAttempts: 3, visibilitySeconds: 90 });
const handler = async () => ({ kind: "ack" as const });

const worker = defineFunction({
  name: "worker",
  summary: "works",
  trigger: queueTrigger(jobs, { batch: 10 }),
  input: z.object({}),
  uses: { read: orders.grant("get"), write: orders.grant("put", "get") },
  idempotency: { key: (message) => message.id, ttlSeconds: 60 },
  handler,
});

describe("the deploy manifest", () => {
  it("names every integration to whoever may call any action, and no other", async () => {
    const { deployables } = await readRegistry(root);
    const { functions } = deployManifest(deployables.map(({ definition }) => definition));
    const integrations = functions.flatMap(({ name }) => name.split("integration-")[1] ?? []);
    const called = functions.find(({ name }) => name === "agent-run")?.permissions;
    const actions = called?.filter(({ kind }) => kind === "action").map(({ resource }) => resource);
    expect(actions).toEqual(integrations.toSorted().map((name) => `${name}.*`));
    expect(actions).toContain("slack.*");
  });

  it("holds what functions use and what the pipeline does for them, one permission per resource", () => {
    const { functions, stores, queues } = deployManifest([worker]);
    expect(functions[0]?.permissions).toEqual([
      { kind: "blob", resource: "claims", verbs: ["get", "put"] },
      { kind: "queue", resource: "jobs", verbs: ["send"] },
      { kind: "queue", resource: "jobs-dead", verbs: ["send"] },
      { kind: "state", resource: "idempotency", verbs: ["create", "delete", "put"] },
      { kind: "state", resource: "orders", verbs: ["get", "put"] },
    ]);
    expect(stores).toEqual([
      { name: "idempotency", ttl: true },
      { name: "orders", ttl: true },
    ]);
    expect(queues).toEqual([
      {
        name: "jobs",
        consumer: "worker",
        maxAttempts: 3,
        visibilitySeconds: 90,
        deadLetterQueue: "jobs-dead",
      },
      {
        name: "jobs-dead",
        consumer: undefined,
        maxAttempts: 5,
        visibilitySeconds: 60,
        deadLetterQueue: undefined,
      },
    ]);
  });

  it("loses exactly what a grant that is removed allowed", () => {
    const without = deployManifest([{ ...worker, uses: {} }]);
    const before = deployManifest([worker]).functions[0]?.permissions ?? [];
    expect(without.functions[0]?.permissions).toEqual(
      before.filter(({ resource }) => resource !== "orders"),
    );
  });

  it("names every store, queue and secret of the project", async () => {
    const { deployables } = await readRegistry(root);
    const manifest = deployManifest(deployables.map(({ definition }) => definition));
    expect(manifest.stores.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["deliveries", "idempotency", "webhook-events"]),
    );
    for (const { consumer, deadLetterQueue } of manifest.queues) {
      expect(consumer === undefined).toBe(deadLetterQueue === undefined);
    }
    expect(manifest.secrets).toContain("connections/*/slack/*/*");
  });
});
