import { randomUUID } from "node:crypto";
import { encodeCloudEvent } from "#shared/topic";
import { type EntryHarness, entryConformance } from "../../shared/host/entry.conformance.ts";
import { httpCodecConformance } from "../../shared/host/http-codec.conformance.ts";
import { queueCodecConformance } from "../../shared/host/queue-codec.conformance.ts";
import { scheduleCodecConformance } from "../../shared/host/schedule-codec.conformance.ts";
import { lambdaContext } from "./lambda-context.conformance.ts";
import { awsHttpCodec } from "./codecs/http.ts";
import { awsQueueCodec } from "./codecs/queue.ts";
import { awsScheduleCodec } from "./codecs/schedule.ts";
import { awsTelemetry } from "./drivers/telemetry.ts";
import { targetBody } from "./engines/eventbridge.conformance.ts";
import { awsAny, awsEntry, type AwsHandler } from "./entry.ts";
import notification from "./fixtures/sns-notification.json" with { type: "json" };

// The Runtime API carries JSON text both ways and nothing else.
const overTheWire = <T>(value: T): T => structuredClone(JSON.parse(JSON.stringify(value ?? null)));

httpCodecConformance(awsHttpCodec, async (event, answer) =>
  overTheWire(await answer(overTheWire(event))),
);
queueCodecConformance(
  awsQueueCodec,
  async (event, answer) => {
    const delivered = overTheWire(event);
    // What the event source mapping is told of a function that threw: that it did.
    const result = await Promise.resolve(delivered)
      .then(answer)
      .catch(() => undefined);
    return result === undefined ? undefined : overTheWire(result);
  },
  {
    buses: {
      "an SNS notification": (event, handle) =>
        message(handle, JSON.stringify({ ...notification, Message: encodeCloudEvent(event) })),
      "an EventBridge event": (event, handle) => {
        const entry = { Source: "auterity.orders", DetailType: event.type, Time: 0 };
        return message(handle, targetBody({ ...entry, Detail: encodeCloudEvent(event) }, "id"));
      },
    },
    // SQS holds nothing but text.
    ofBytes: (bytes, handle) => message(handle, Buffer.from(bytes).toString()),
  },
);
scheduleCodecConformance(awsScheduleCodec, async (event, answer) => {
  answer(overTheWire(event));
});

function message(handle: string, body: string) {
  return awsQueueCodec.emulate("to-crm", [{ handle, body, receiveCount: 1 }]);
}

async function invoke(handler: AwsHandler, event: unknown): Promise<unknown> {
  return overTheWire(await handler(overTheWire(event), lambdaContext(randomUUID())));
}

const harness: EntryHarness = {
  invalidJson: "ours",
  async start(definition, ports) {
    const handler = await awsEntry(definition, ports, awsTelemetry(), awsAny);
    return {
      async http(input) {
        return awsHttpCodec.render(await invoke(handler, awsHttpCodec.emulate(input)));
      },
      async queue(queue, deliveries) {
        const event = awsQueueCodec.emulate(queue, deliveries);
        return awsQueueCodec.render(await invoke(handler, event), deliveries);
      },
      async schedule(slotMs, firedAtMs) {
        return invoke(handler, awsScheduleCodec.emulate(slotMs, firedAtMs)).then(
          () => true,
          () => false,
        );
      },
      async stop() {},
    };
  },
};

entryConformance("aws", harness);
