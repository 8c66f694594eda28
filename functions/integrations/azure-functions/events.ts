import * as z from "zod";

/** What all events have in the CloudEvents schema: https://learn.microsoft.com/azure/event-grid/cloud-event-schema */
function eventOf<T extends z.ZodType>(data: T) {
  return z.object({
    specversion: z.literal("1.0"),
    id: z.string(),
    /** The resource that it is about. */
    source: z.string(),
    type: z.string(),
    subject: z.string().optional(),
    time: z.string(),
    data,
  });
}

const text = z.string().nullish();

/** https://learn.microsoft.com/azure/event-grid/event-schema-app-service */
const Site = eventOf(
  z.object({
    name: z.string(),
    appEventTypeDetail: z.object({ action: text }).nullish(),
    clientRequestId: text,
    correlationRequestId: text,
    requestId: text,
    address: text,
    verb: text,
  }),
);

const ServicePlan = eventOf(
  z.object({
    serverFarmEventTypeDetail: z.object({ stampKind: text, action: text, status: text }),
    serverFarmId: text,
    sku: z.object({ name: text, tier: text, capacity: z.number().nullish() }).nullish(),
    correlationRequestId: text,
  }),
);

/** https://learn.microsoft.com/azure/event-grid/event-schema-service-bus */
const Messages = eventOf(
  z.object({
    namespaceName: z.string(),
    /** Where the next message is received. */
    requestUri: z.string(),
    entityType: z.string(),
    queueName: text,
    topicName: text,
    subscriptionName: text,
  }),
);

/** https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage */
const Blob = eventOf(
  z.object({
    api: text,
    requestId: text,
    eTag: text,
    contentType: text,
    contentLength: z.number().nullish(),
    blobType: text,
    url: z.string(),
    /** Orders the events of one blob. */
    sequencer: text,
  }),
);

const Renamed = eventOf(
  z.object({ api: text, sourceUrl: z.string(), destinationUrl: z.string(), sequencer: text }),
);

function named<T extends z.ZodType>(
  prefix: string,
  names: readonly string[],
  schema: T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(names.map((name) => [`${prefix}.${name}`, schema]));
}

/** What Event Grid tells of what functions live on. */
export const events: Readonly<Record<string, z.ZodType>> = {
  ...named(
    "Microsoft.Web",
    [
      "AppUpdated",
      "SlotSwapStarted",
      "SlotSwapCompleted",
      "SlotSwapFailed",
      "SlotSwapWithPreviewStarted",
      "SlotSwapWithPreviewCancelled",
    ],
    Site,
  ),
  "Microsoft.Web.AppServicePlanUpdated": ServicePlan,
  ...named(
    "Microsoft.ServiceBus",
    [
      "ActiveMessagesAvailableWithNoListeners",
      "ActiveMessagesAvailablePeriodicNotifications",
      "DeadletterMessagesAvailableWithNoListeners",
      "DeadletterMessagesAvailablePeriodicNotifications",
    ],
    Messages,
  ),
  ...named("Microsoft.Storage", ["BlobCreated", "BlobDeleted", "BlobTierChanged"], Blob),
  "Microsoft.Storage.BlobRenamed": Renamed,
};

/** Custom topics and other services: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const otherEvents = eventOf(z.unknown().optional()).partial({ time: true });
