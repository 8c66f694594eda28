import { app } from "@azure/functions";
import { encodeCloudEvent } from "#shared/topic";
import { entryConformance } from "../../shared/host/entry.conformance.ts";
import { freshName } from "../../shared/host/entry-harness.ts";
import { httpCodecConformance } from "../../shared/host/http-codec.conformance.ts";
import { queueCodecConformance } from "../../shared/host/queue-codec.conformance.ts";
import { scheduleCodecConformance } from "../../shared/host/schedule-codec.conformance.ts";
import { azureHttpCodec } from "./codecs/http.ts";
import { azureQueueCodec } from "./codecs/queue.ts";
import { azureScheduleCodec } from "./codecs/schedule.ts";
import { azureHarness, testWorker } from "./worker.conformance.ts";

httpCodecConformance(azureHttpCodec, (request, answer) => {
  const name = freshName("http");
  app.http(name, {
    methods: ["GET", "POST"],
    authLevel: "anonymous",
    handler: async (event) => answer(event),
  });
  return testWorker.invoke(name, request);
});

queueCodecConformance(
  azureQueueCodec,
  (request, answer) => {
    const name = freshName("queue");
    app.storageQueue(name, {
      queueName: name,
      connection: "AzureWebJobsStorage",
      handler: async (entry, { triggerMetadata }) => answer({ entry, triggerMetadata }),
    });
    return testWorker.invoke(name, request);
  },
  {
    buses: {
      "Event Grid through Service Bus": (event, handle) => ({
        data: { json: encodeCloudEvent(event) },
        triggerMetadata: { MessageId: { string: handle }, DeliveryCount: { json: "1" } },
      }),
    },
    ofBytes: (bytes, handle) => ({
      data: { bytes },
      triggerMetadata: { MessageId: { string: handle }, DeliveryCount: { json: "1" } },
    }),
  },
);

scheduleCodecConformance(azureScheduleCodec, (request, answer, nowMs) => {
  const name = freshName("timer");
  app.timer(name, {
    schedule: "0 * * * * *",
    handler: async (timer) => answer({ timer, nowMs }),
  });
  return testWorker.invoke(name, request);
});

entryConformance("azure", azureHarness);
