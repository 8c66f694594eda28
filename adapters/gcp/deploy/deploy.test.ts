import type { DeployFunction, DeployManifest, DeployQueue } from "#shared/plan";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { gcpBlob } from "../services/blob.ts";
import { gcpQueue } from "../services/queue.ts";
import { gcpSecrets } from "../services/secrets.ts";
import { gcpState } from "../services/state.ts";
import { gcpTopic } from "../services/topic.ts";
import { type GcpOptions, renderGcp } from "./index.ts";
import { gcpNames } from "./names.ts";
import { secretCondition } from "./secrets.ts";

const dev: GcpOptions = { stage: "dev", region: "europe-west1" };

function functionOf(name: string, change: Partial<DeployFunction> = {}): DeployFunction {
  return {
    name,
    summary: name,
    trigger: { kind: "queue", queue: name, batch: 1 },
    targets: ["aws", "azure", "gcp"],
    limits: { timeoutSeconds: 30, memoryMb: 256 },
    permissions: [{ kind: "queue", resource: `${name}-dead`, verbs: ["send"] }],
    ...change,
  };
}

function queuesOf(consumer: string, change: Partial<DeployQueue> = {}): DeployQueue[] {
  const queue = { name: consumer, consumer, maxAttempts: 5, visibilitySeconds: 60 };
  const dead = `${consumer}-dead`;
  return [
    { ...queue, deadLetterQueue: dead, ...change },
    { ...queue, name: dead, consumer: undefined, deadLetterQueue: undefined },
  ];
}

function manifestOf(change: Partial<DeployManifest>): DeployManifest {
  const none = { functions: [], stores: [], queues: [], topics: [], buckets: [], secrets: [] };
  return { ...none, ...change };
}

const Named = z.record(z.string(), z.looseObject({}));
const Main = z.object({
  resource: z.looseObject({
    google_cloudfunctions2_function: z.record(
      z.string(),
      z.looseObject({
        service_config: z.looseObject({
          ingress_settings: z.string(),
          environment_variables: z.record(z.string(), z.string()),
        }),
      }),
    ),
    google_cloud_run_service_iam_member: Named.optional(),
    google_pubsub_subscription: Named.optional(),
    google_firestore_field: Named.optional(),
  }),
});

function resources(change: Partial<DeployManifest>, options = dev) {
  const text = renderGcp(manifestOf(change), options).get("infra/generated/gcp/main.tf.json") ?? "";
  return Main.parse(JSON.parse(text)).resource;
}

const worker = { functions: [functionOf("worker")] };

/** The worker's subscription to a topic. */
function subscribed(types: readonly string[]) {
  return resources({
    ...worker,
    queues: queuesOf("worker"),
    topics: [{ name: "orders", subscriptions: [{ queue: "worker", types }] }],
  }).google_pubsub_subscription?.["topic_orders_worker"];
}

/** A function that has one route. */
function http(auth: "public" | "bearer"): Partial<DeployFunction> {
  return {
    trigger: { kind: "http", routes: [{ method: "GET", path: "/v1/page", auth }] },
    permissions: [],
  };
}

/** What is set on the fields of rows when the one store's may expire, or not. */
function fields(ttl: boolean) {
  const permissions = [{ kind: "state", resource: "rows", verbs: ["get"] }] as const;
  return resources({
    functions: [functionOf("worker", { permissions })],
    queues: queuesOf("worker"),
    stores: [{ name: "rows", ttl }],
  }).google_firestore_field;
}

describe("a queue's subscription", () => {
  it("pushes with an identity, gives up later than the pipeline, and keeps dead letters", () => {
    const queues = queuesOf("worker", { maxAttempts: 7, visibilitySeconds: 5 });
    const { google_pubsub_subscription: subscriptions } = resources({ ...worker, queues });
    expect(subscriptions).toMatchObject({
      queue_worker: {
        name: "auterity-dev-worker",
        ack_deadline_seconds: 10,
        dead_letter_policy: {
          dead_letter_topic: "${google_pubsub_topic.queue_worker_dead.id}",
          max_delivery_attempts: 8,
        },
        push_config: {
          oidc_token: { service_account_email: "${google_service_account.caller.email}" },
        },
      },
      queue_worker_dead: { message_retention_duration: "2678400s" },
    });
  });

  it("is refused what Pub/Sub cannot do", () => {
    const hidden = queuesOf("worker", { visibilitySeconds: 700 });
    expect(() => resources({ ...worker, queues: hidden })).toThrow("Pub/Sub waits 600 s at most");
    const patient = queuesOf("worker", { maxAttempts: 100 });
    expect(() => resources({ ...worker, queues: patient })).toThrow("counts 100 deliveries");
  });

  it("filters a topic's events by type, unless the filter would be too long", () => {
    expect(subscribed(["order.placed", "order.gone"])).toMatchObject({
      name: "auterity-dev-events.orders.worker",
      filter: 'attributes."ce-type" = "order.placed" OR attributes."ce-type" = "order.gone"',
    });
    const many = Array.from({ length: 9 }, (_, index) => `order.changed.${index}`);
    expect(subscribed(many)).not.toHaveProperty("filter");
  });
});

describe("who may call a function", () => {
  it.each([
    ["everybody where a route is public", http("public"), "public_page", "allUsers", "ALLOW_ALL"],
    ["named callers where none is", http("bearer"), "callers_page", "${each.value}", "ALLOW_ALL"],
    [
      "Google's own services where there is none",
      {},
      "caller_page",
      "${google_service_account.caller.member}",
      "ALLOW_INTERNAL_ONLY",
    ],
  ])("is %s", (_, change, label, member, ingress) => {
    const found = resources({ functions: [functionOf("page", change)], queues: queuesOf("page") });
    expect(found.google_cloud_run_service_iam_member).toEqual({
      [label]: expect.objectContaining({ role: "roles/run.invoker", member }),
    });
    const page = found.google_cloudfunctions2_function["page"];
    expect(page?.service_config.ingress_settings).toBe(ingress);
  });
});

describe("a function's settings", () => {
  it("are those that its services read, whose names are the rendered ones", async () => {
    const found = resources({ functions: [functionOf("worker")], queues: queuesOf("worker") });
    const settings =
      found.google_cloudfunctions2_function["worker"]?.service_config.environment_variables ?? {};
    const drivers = [
      await gcpState(settings),
      await gcpQueue(settings),
      await gcpTopic(settings),
      gcpBlob(settings),
      await gcpSecrets(settings),
    ];
    expect(drivers.map(({ name }) => name)).toEqual([
      "firestore",
      "pubsub",
      "pubsub",
      "cloud-storage",
      "secret-manager",
    ]);
    expect(settings["AUTERITY_NAME_PREFIX"]).toBe("auterity-dev-");
  });
});

describe("the database", () => {
  it("expires rows only where a store's rows expire, and indexes none of what is not asked for", () => {
    expect(fields(true)).toMatchObject({
      data: { collection: "rows", index_config: {} },
      expiresAt: { collection: "rows", index_config: {}, ttl_config: {} },
      rev: { collection: "rows", index_config: {} },
    });
    expect(fields(false)?.["expiresAt"]).not.toHaveProperty("ttl_config");
  });
});

describe("names", () => {
  it("are refused when Google would not take them", () => {
    const long = functionOf("f".repeat(37));
    expect(() => renderGcp(manifestOf({ functions: [long] }), dev)).toThrow(
      `Cloud Run function "${long.name}" would be`,
    );
    expect(() => renderGcp(manifestOf({}), { ...dev, stage: "Dev" })).toThrow("is no stage");
  });

  it("of service accounts are cut, and told apart by a digest", () => {
    const names = ["one", "two"].map((end) => `a-function-with-a-long-name-${end}`);
    const functions = names.map((name) => functionOf(name));
    const { accounts } = gcpNames(manifestOf({ functions }), dev);
    const cut = names.map((name) => accounts.get(name) ?? "");
    expect(new Set(cut).size).toBe(2);
    for (const name of cut) expect(name).toMatch(/^dev-a-function-with-a-l[a-z-]*-[0-9a-f]{6}$/);
    expect(cut.map(({ length }) => length <= 30)).toEqual([true, true]);
  });
});

describe("the condition of a secret whose name is open", () => {
  const prefix = "auterity-dev-";
  const project = "projects/${data.google_project.current.number}";
  const version = 'resource.type == "secretmanager.googleapis.com/SecretVersion"';

  it("looks at the beginning when only the end is open", () => {
    expect(secretCondition("action-tokens/*", { prefix })).toBe(
      `${version} && resource.name.startsWith("${project}/secrets/auterity-dev-action-tokens_")`,
    );
  });

  it("wants what follows an open part right behind it", () => {
    const head = "/secrets/auterity-dev-connections_{part}";
    expect(secretCondition("connections/*/box/*/*", { prefix })).toBe(
      `${version} && resource.name.extract("${head}_box_") != "" && ` +
        `resource.name.extract("${head}_box_") == resource.name.extract("${head}_")`,
    );
  });

  it("is refused when IAM could not tell", () => {
    expect(() => secretCondition("a/*/b/*/c", { prefix })).toThrow('tells "a/*/b/*/c" apart');
  });
});
