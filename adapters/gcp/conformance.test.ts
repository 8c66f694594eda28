import type { Response } from "@google-cloud/functions-framework";
import { encodeCloudEvent } from "#shared/topic";
import { entryConformance } from "../../shared/host/entry.conformance.ts";
import { httpCodecConformance } from "../../shared/host/http-codec.conformance.ts";
import { queueCodecConformance } from "../../shared/host/queue-codec.conformance.ts";
import { scheduleCodecConformance } from "../../shared/host/schedule-codec.conformance.ts";
import { type GcpAnswer, gcpHttpCodec, type GcpNativeRequest } from "./codecs/http.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { gcpScheduleCodec } from "./codecs/schedule.ts";
import type { PubSubMessage } from "./drivers/pubsub-publish.ts";
import { pubsubMessage } from "./drivers/topic-pubsub.ts";
import { sendAnswer } from "./send-answer.ts";
import { callOnce, gcpHarness } from "./server.conformance.ts";

httpCodecConformance(gcpHttpCodec, (request, answer) =>
  callOnce((event, response) => settle(response, () => answer(event)), request),
);

queueCodecConformance(
  gcpQueueCodec,
  (request, answer) =>
    callOnce((event, response) => settle(response, () => answer(event)), request),
  {
    buses: {
      "binary mode": (event, handle) => push(handle, pubsubMessage(event)),
      "structured mode": (event, handle) =>
        push(handle, {
          data: Buffer.from(encodeCloudEvent(event)),
          attributes: {
            "content-type": "application/cloudevents+json; charset=UTF-8",
            "ce-specversion": "1.0",
          },
        }),
    },
    ofBytes: (bytes, handle) => push(handle, { data: Buffer.from(bytes), attributes: {} }),
  },
);

scheduleCodecConformance(gcpScheduleCodec, (request, answer, nowMs) =>
  callOnce(({ headers }, response) => {
    answer({ headers, nowMs });
    response.end();
  }, request),
);

entryConformance("gcp", gcpHarness);

function push(messageId: string, { data, attributes }: PubSubMessage): GcpNativeRequest {
  const message = { messageId, data: Buffer.from(data).toString("base64"), attributes };
  const body = Buffer.from(JSON.stringify({ message, subscription: "projects/p/subscriptions/s" }));
  const headers = { "content-type": "application/json", "content-length": String(body.length) };
  return { method: "POST", target: "/", headers, body };
}

async function settle(
  response: Response,
  answer: () => GcpAnswer | Promise<GcpAnswer>,
): Promise<void> {
  try {
    sendAnswer(response, await answer());
  } catch {
    response.writeHead(500).end();
  }
}
