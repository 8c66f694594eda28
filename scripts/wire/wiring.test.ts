import { runInNewContext } from "node:vm";
import {
  ack,
  cron,
  defineFunction,
  type FunctionDefinition,
  httpTrigger,
  queueTrigger,
  scheduleTrigger,
  topicTrigger,
  webhookTrigger,
} from "#shared/function";
import { decodeTopicMessage } from "#shared/host";
import { queue } from "#shared/queue";
import { topic } from "#shared/topic";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { renderedClouds } from "../plan/rendered.ts";
import { wiringReport } from "./report.ts";
import { wiringOf } from "./wiring.ts";

const files = topic("files", { events: { "file.created": z.object({ name: z.string() }) } });
const about = { summary: "Is wired.", input: z.unknown(), uses: {} };
const handler = async () => ack();
const definitions: readonly FunctionDefinition[] = [
  defineFunction({
    ...about,
    name: "on-file",
    trigger: topicTrigger(files, ["file.created"]),
    handler,
  }),
  defineFunction({
    ...about,
    name: "on-file-late",
    trigger: queueTrigger(queue("late", { schema: z.unknown() })),
    handler,
  }),
  defineFunction({
    ...about,
    name: "on-push",
    trigger: webhookTrigger("github-actions", ["push"]),
    handler,
  }),
  defineFunction({
    ...about,
    name: "file",
    trigger: httpTrigger("GET", "/file"),
    handler: async () => ({}),
  }),
  defineFunction({
    ...about,
    name: "nightly",
    trigger: scheduleTrigger(cron("0 2 * * 0")),
    async handler() {},
  }),
];

async function wirings(name: string) {
  const definition = definitions.find((each) => each.name === name);
  if (definition === undefined) throw new Error(`no function ${name}`);
  const clouds = await renderedClouds(definitions, "prod");
  return new Map(clouds.map((cloud) => [cloud.target, wiringOf(definition, cloud)]));
}

describe("the wiring of a function", () => {
  it.each([
    [
      "on-file",
      "aws",
      [
        "AWS::SNS::Subscription.FilesOnFileSubscription",
        "AWS::SQS::Queue.OnFileQueue",
        "AWS::SQS::QueuePolicy.OnFileQueuePolicy",
        "function.on-file",
      ],
    ],
    ["on-file-late", "aws", ["AWS::SQS::Queue.LateQueue", "function.on-file-late"]],
    ["nightly", "aws", ["AWS::Scheduler::Schedule.NightlySchedule", "function.nightly"]],
    ["file", "aws", ["function.file"]],
    [
      "on-file",
      "azure",
      ["azurerm_eventgrid_event_subscription.topic_files_on_file", "azurerm_storage_queue.on_file"],
    ],
    [
      "on-file",
      "gcp",
      [
        "google_pubsub_subscription.queue_on_file",
        "google_pubsub_subscription.topic_files_on_file",
        "google_pubsub_topic.queue_on_file",
      ],
    ],
    ["on-file-late", "azure", ["azurerm_storage_queue.late"]],
    [
      "on-push",
      "gcp",
      ["google_pubsub_subscription.queue_on_push", "google_pubsub_topic.queue_on_push"],
    ],
    ["nightly", "gcp", ["google_cloud_scheduler_job.nightly"]],
    ["file", "azure", []],
  ] as const)(
    "of %s on %s is what its rendered resources say, and nobody else's",
    async (name, target, ids) => {
      const snippet = (await wirings(name)).get(target)?.snippet;
      const carriers = [...(snippet?.keys() ?? [])].filter((id) => !id.includes("_iam_"));
      expect(carriers.toSorted()).toEqual(ids);
    },
  );

  it.each([
    ["on-file", 'Event Grid topic "files": file.created'],
    ["on-file-late", 'whoever is granted send on queue "late"'],
    ["on-push", "POST /v1/webhooks/github-actions/{connection}: push"],
    ["file", "GET /file (bearer)"],
    ["nightly", "timer of the Functions host: 0 0 2 * * 0, in UTC"],
  ])("of %s begins at its source", async (name, source) => {
    expect((await wirings(name)).get("azure")?.hops).toEqual(
      expect.arrayContaining([source, name]),
    );
  });

  it("names what the console shows by the names it has there", async () => {
    const { console: path } = (await wirings("nightly")).get("gcp") ?? {};
    expect(path).toEqual(["Cloud Scheduler > Jobs > auterity-prod-nightly > Force run, View logs"]);
    const report = wiringReport([...(await wirings("on-push")).values()]);
    expect(report).toContain("Cloud Run > Services > auterity-prod-on-push > Logs");
    expect(report).toContain("integration-github-actions, which verifies and stores the event");
  });
});

const Transforms = z.object({
  google_pubsub_subscription: z.object({
    message_transforms: z.array(z.object({ javascript_udf: z.object({ code: z.string() }) })),
  }),
});

const Rule = z.object({
  ObjectCreated: z.object({
    Properties: z.object({
      Targets: z.tuple([
        z.object({
          Arn: z.unknown(),
          InputTransformer: z.object({
            InputPathsMap: z.record(z.string(), z.string()),
            InputTemplate: z.string(),
          }),
        }),
      ]),
    }),
  }),
});

function targetOf(snippet: unknown) {
  return Rule.parse(snippet).ObjectCreated.Properties.Targets[0];
}

describe("an outside source", () => {
  it("becomes an event of ours on Google: the transform is run on a notification of Cloud Storage", async () => {
    const { snippet } = (await wirings("on-file")).get("gcp")?.outside ?? {};
    const code =
      Transforms.parse(snippet).google_pubsub_subscription.message_transforms[0]?.javascript_udf
        .code;
    const message = {
      data: "{}",
      attributes: {
        eventType: "OBJECT_FINALIZE",
        bucketId: "in",
        objectId: "a.txt",
        eventTime: "2026-11-21T09:00:00.123456Z",
      },
    };
    const run = (given: unknown): unknown =>
      runInNewContext(`${code}; toEvent(message, metadata)`, {
        message: given,
        metadata: { message_id: "17" },
      });
    const { data } = z.object({ data: z.string() }).parse(run(message));
    expect(decodeTopicMessage(data)).toMatchObject({
      id: "17",
      tenant: "default",
      body: { type: "file.created", data: { bucket: "in", name: "a.txt" } },
    });
    const deleted = {
      ...message,
      attributes: { ...message.attributes, eventType: "OBJECT_DELETE" },
    };
    expect(run(deleted)).toBeNull();
  });

  it("becomes an event of ours on AWS: the transformer is run on what S3 tells EventBridge", async () => {
    const { snippet } = (await wirings("on-file")).get("aws")?.outside ?? {};
    const { Arn, InputTransformer } = targetOf(snippet);
    expect(Arn).toEqual({ "Fn::GetAtt": ["OnFileQueue", "Arn"] });
    const told: Readonly<Record<string, unknown>> = {
      "$.id": "17",
      "$.time": "2026-11-21T09:00:00Z",
      "$.detail.bucket.name": "in",
      "$.detail": { bucket: { name: "in" }, object: { key: "a.txt", size: 3 } },
    };
    const { InputPathsMap, InputTemplate } = InputTransformer;
    // As EventBridge does: a text within quotes goes in as it is, everything else as JSON.
    const text = InputTemplate.replaceAll(/<(\w+)>/g, (_, name: string) => {
      const value = told[InputPathsMap[name] ?? ""];
      return typeof value === "string" ? value : JSON.stringify(value);
    });
    expect(decodeTopicMessage(text)).toMatchObject({
      id: "17",
      tenant: "default",
      body: { type: "file.created", source: "aws.s3/in", data: { object: { key: "a.txt" } } },
    });
  });

  it("is told to take a topic where a function's own source takes only ours", async () => {
    for (const name of ["on-push", "on-file-late", "nightly"]) {
      expect((await wirings(name)).get("gcp")?.outside.text).toMatch(/with a topic trigger/);
    }
    expect((await wirings("file")).get("gcp")?.outside.text).toMatch(/bearer key of ours/);
  });
});
