import { expect, it } from "vitest";
import { CloudEvent } from "./cloud-event.ts";
import samples from "./fixtures.json" with { type: "json" };
import { googleEventSchema } from "./google.ts";

const { payloads } = samples;

it("reads a structured event, and its data by its type", () => {
  const event = CloudEvent.parse(payloads["examples/structured/pubsub/MessagePublishedData.json"]);
  expect(event).toMatchObject({
    id: "3103425958877813",
    type: "google.cloud.pubsub.topic.v1.messagePublished",
  });
  expect(googleEventSchema(event.type)?.parse(event.data)).toMatchObject({
    message: { messageId: "message-id", data: "dGVzdCBtZXNzYWdlIDM=" },
  });
});

it.each([
  [
    "google.cloud.audit.log.v1.written",
    "testdata/google/events/cloud/audit/v1/LogEntryData-pubsubCreateTopic.json",
  ],
  [
    "google.cloud.cloudbuild.build.v1.statusChanged",
    "examples/binary/cloudbuild/BuildEventData-simple.json",
  ],
  [
    "google.cloud.firestore.document.v1.written",
    "examples/binary/firestore/DocumentEventData-simple.json",
  ],
  [
    "google.cloud.scheduler.job.v1.executed",
    "examples/binary/scheduler/SchedulerJobData-simple.json",
  ],
  [
    "google.cloud.storage.object.v1.finalized",
    "examples/binary/storage/StorageObjectData-simple.json",
  ],
  [
    "google.firebase.auth.user.v1.created",
    "testdata/google/events/firebase/auth/v1/AuthEventData-complex.json",
  ],
] as const)("reads %s, and no other payload as one", (type, name) => {
  const schema = googleEventSchema(type);
  expect(schema?.safeParse(payloads[name]).error).toBeUndefined();
  expect(schema?.safeParse({ unrelated: true }).success).toBe(type.includes("firestore"));
});

it.each(["google.cloud.unknown.v1.happened", "constructor", "", "google.cloud.storage.object"])(
  "knows a type or does not: %j",
  (type) => {
    expect(googleEventSchema(type) !== undefined).toBe(type === "google.cloud.storage.object");
  },
);
