import { Fault } from "#shared/errors";
import type { QueueCodec, Settlement } from "#shared/host";
import * as z from "zod";
import type { GcpAnswer, GcpNativeRequest, GcpNativeResponse, GcpRequest } from "./http.ts";

/** The wrapped push body: https://cloud.google.com/pubsub/docs/payload-unwrapping#wrapped_message */
const Push = z.object({
  message: z.object({
    messageId: z.string().min(1),
    /** Absent for a message of attributes only. */
    data: z.base64().optional(),
    attributes: z.record(z.string(), z.string()).optional(),
  }),
  subscription: z.string(),
  /** Only with a dead-letter policy on the subscription. */
  deliveryAttempt: z.int().min(1).optional(),
});

/** Everything else, or no answer in time, is a nack: https://cloud.google.com/pubsub/docs/push#receive_push */
const ACKNOWLEDGED = new Set([102, 200, 201, 202, 204]);

/**
 * Pub/Sub push to an HTTP function: one message per request, 204 when it may be forgotten, 503 to have it again
 * after the subscription's own back-off. The subscription's OIDC token is checked by IAM before us, so such a
 * function must never allow unauthenticated callers.
 */
export const gcpQueueCodec: QueueCodec<GcpRequest, GcpAnswer, GcpNativeRequest, GcpNativeResponse> =
  {
    runtime: "gcp",
    maxBatch: 1,

    decode(request) {
      const { message, deliveryAttempt = 1 } = readPush(request.rawBody);
      // A message without data is no envelope; it goes on as the empty text, to be put aside by us.
      const data = Buffer.from(message.data ?? "", "base64").toString("utf8");
      const body = structured(message.attributes ?? {}, data);
      return [{ handle: message.messageId, body, receiveCount: deliveryAttempt }];
    },

    encode(settlements) {
      const done = settlements.every((settlement) => settlement.done);
      return { status: done ? 204 : 503, headers: {}, cookies: [], body: new Uint8Array() };
    },

    emulate(queue, deliveries) {
      const [delivery] = deliveries;
      if (delivery === undefined || deliveries.length > 1) {
        throw new Fault(
          "invalid_argument",
          `gcp.queue: ${deliveries.length} messages of "${queue}" in one push; deliver one at a time`,
        );
      }
      const push: z.input<typeof Push> = {
        message: {
          messageId: delivery.handle,
          data: Buffer.from(delivery.body).toString("base64"),
        },
        subscription: `projects/auterity/subscriptions/${queue}`,
        deliveryAttempt: delivery.receiveCount,
      };
      const body = Buffer.from(JSON.stringify(push));
      const headers = {
        "content-type": "application/json",
        "content-length": String(body.length),
      };
      return { method: "POST", target: "/", headers, body };
    },

    render(response, deliveries): readonly Settlement[] {
      const done = ACKNOWLEDGED.has(response.status);
      return deliveries.map(({ handle }) => ({ handle, done }));
    },
  };

/**
 * The text of an event that came in CloudEvents' binary mode, its attributes beside the data; every other message's
 * data is its text, an event's in structured mode too.
 * https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 */
function structured(attributes: Readonly<Record<string, string>>, data: string): string {
  const { "content-type": type = "", "ce-specversion": version } = attributes;
  if (version === undefined || type.startsWith("application/cloudevents")) return data;
  const event = Object.entries(attributes).flatMap(([name, value]) =>
    name.startsWith("ce-") ? [[name.slice("ce-".length), value] as const] : [],
  );
  const datacontenttype = type === "" ? {} : { datacontenttype: type };
  try {
    const json: unknown = JSON.parse(data);
    return JSON.stringify({ ...Object.fromEntries(event), ...datacontenttype, data: json });
  } catch {
    // No event of ours has such data; it stays readable, so that it can be put aside.
    return data;
  }
}

function readPush(rawBody: Uint8Array | undefined): z.output<typeof Push> {
  try {
    return Push.parse(JSON.parse(Buffer.from(rawBody ?? "").toString("utf8")));
  } catch {
    // Without the cause: a parser's message quotes the payload.
    throw new Fault(
      "invalid_argument",
      "gcp.queue: the request is no wrapped Pub/Sub push; leave payload unwrapping off",
      { origin: "caller" },
    );
  }
}
