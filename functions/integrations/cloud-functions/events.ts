import { CloudEvent, googleEventData } from "#shared/cloud-events";
import * as z from "zod";

/**
 * What an event carries: its data, as Eventarc sends it with the rest in `ce-` headers (binary mode), or all of it in the
 * body (structured mode): https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md
 */
function carrying<T extends z.ZodType>(data: T) {
  return z.union([CloudEvent.extend({ data }), data]);
}

const audit = carrying(googleEventData["google.cloud.audit.log"]);
const object = carrying(googleEventData["google.cloud.storage.object"]);

/** https://cloud.google.com/eventarc/docs/reference/supported-events, as JSON. */
export const eventarc = {
  "google.cloud.audit.log.v1.written": audit,
  "google.cloud.cloudbuild.build.v1.statusChanged": carrying(
    googleEventData["google.cloud.cloudbuild.build"],
  ),
  "google.cloud.scheduler.job.v1.executed": carrying(googleEventData["google.cloud.scheduler.job"]),
  "google.cloud.storage.object.v1.finalized": object,
  "google.cloud.storage.object.v1.deleted": object,
  "google.cloud.storage.object.v1.archived": object,
  "google.cloud.storage.object.v1.metadataUpdated": object,
  "google.firebase.firebasealerts.alerts.v1.published": carrying(
    googleEventData["google.firebase.firebasealerts.alerts"],
  ),
  "google.firebase.remoteconfig.remoteConfig.v1.updated": carrying(
    googleEventData["google.firebase.remoteconfig.remoteConfig"],
  ),
  "google.firebase.testlab.testMatrix.v1.completed": carrying(
    googleEventData["google.firebase.testlab.testMatrix"],
  ),
};

/** The same from Pub/Sub itself and by way of Eventarc. */
export const PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";
export const pubsub = { [PUBLISHED]: carrying(googleEventData["google.cloud.pubsub.topic"]) };
