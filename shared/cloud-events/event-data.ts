import * as z from "zod";
import { CloudEvent } from "./cloud-event.ts";
import { googleEventData } from "./google.ts";

/**
 * The data of an event, however it came: alone, beside `ce-` headers (binary mode), or within a CloudEvent (structured
 * mode). For the input of functions that events start.
 */
export function eventData<T extends z.ZodType>(data: T) {
  return z.union([CloudEvent.transform((event) => event.data).pipe(data), data]);
}

/**
 * A message of Pub/Sub with its data decoded, which is JSON of this shape:
 * https://cloud.google.com/pubsub/docs/push#wrapped-push. For the input of functions that messages start.
 */
export function messageData<T extends z.ZodType>(data: T) {
  return eventData(googleEventData["google.cloud.pubsub.topic"]).transform(
    ({ message, subscription }, context) => {
      const decoded = data.safeParse(decodeJson(message.data ?? ""));
      if (!decoded.success) {
        const fault = decoded.error.issues[0];
        const path = ["data", ...(fault?.path ?? [])];
        context.addIssue({ code: "custom", message: fault?.message ?? "does not fit", path });
        return z.NEVER;
      }
      return {
        id: message.messageId,
        publishedAt: message.publishTime,
        attributes: message.attributes ?? {},
        orderingKey: message.orderingKey ?? null,
        subscription,
        data: decoded.data,
      };
    },
  );
}

/** `undefined` for what is no JSON, which no shape takes by accident. */
function decodeJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString());
  } catch {
    return undefined;
  }
}
