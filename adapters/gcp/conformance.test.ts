import type { Response } from "@google-cloud/functions-framework";
import { entryConformance } from "../../shared/host/entry.conformance.ts";
import { httpCodecConformance } from "../../shared/host/http-codec.conformance.ts";
import { queueCodecConformance } from "../../shared/host/queue-codec.conformance.ts";
import { scheduleCodecConformance } from "../../shared/host/schedule-codec.conformance.ts";
import { type GcpAnswer, gcpHttpCodec } from "./codecs/http.ts";
import { gcpQueueCodec } from "./codecs/queue.ts";
import { gcpScheduleCodec } from "./codecs/schedule.ts";
import { sendAnswer } from "./send-answer.ts";
import { callOnce, gcpHarness } from "./server.conformance.ts";

httpCodecConformance(gcpHttpCodec, (request, answer) =>
  callOnce((event, response) => settle(response, () => answer(event)), request),
);

queueCodecConformance(gcpQueueCodec, (request, answer) =>
  callOnce((event, response) => settle(response, () => answer(event)), request),
);

scheduleCodecConformance(gcpScheduleCodec, (request, answer, nowMs) =>
  callOnce(({ headers }, response) => {
    answer({ headers, nowMs });
    response.end();
  }, request),
);

entryConformance("gcp", gcpHarness);

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
