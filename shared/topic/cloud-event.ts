import { Fault } from "#shared/errors";
import { parseJson } from "#shared/function";
import * as z from "zod";

/**
 * A text attribute of an event that somebody chooses freely. CloudEvents keeps control characters, lone surrogates and
 * noncharacters out (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#type-system), and Pub/Sub
 * takes 1,024 bytes in an attribute (https://cloud.google.com/pubsub/quotas#resource_limits).
 */
export const EventText = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]+$/u)
  .refine((text) => Buffer.byteLength(text) <= 1024);

/**
 * What travels through every topic on every cloud: an event of CloudEvents 1.0 in JSON
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md). Tenant, trace and webhook event
 * are extension attributes, so that they survive buses that look inside; `traceparent` is the one of the
 * distributed-tracing extension.
 */
export const CloudEvent = z.object({
  specversion: z.literal("1.0"),
  id: z.string().min(1),
  type: z.string().min(1),
  source: z.string().min(1),
  subject: z.string().min(1).optional(),
  time: z.string().refine(isTimestamp),
  datacontenttype: z.literal("application/json"),
  auteritytenant: z.string().min(1),
  traceparent: z.string().min(1).optional(),
  /** The webhook event in whose course this one was published. */
  auterityevent: z.string().min(1).optional(),
  /** An object, because Azure's client makes one of anything else; and only an object can get new fields later. */
  data: z.record(z.string(), z.json()),
});

export type CloudEvent = z.infer<typeof CloudEvent>;

/** The text of an event in structured mode. */
export function encodeCloudEvent(event: CloudEvent): string {
  return JSON.stringify(event);
}

/**
 * Reads what {@link encodeCloudEvent} wrote, also where a bus wrote it anew. Throws `invalid_argument` for text that is
 * no event of ours; one without a tenant is none.
 */
export function decodeCloudEvent(text: string): CloudEvent {
  const raw = parseJson(text, { name: "topic.decode" });
  const parsed = CloudEvent.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw undecodable(`does not fit at ${parsed.error.issues[0]?.path.join(".") || "event"}`);
}

/** RFC 3339, as CloudEvents has it: https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
function isTimestamp(text: string): boolean {
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
  return shape.test(text) && !Number.isNaN(Date.parse(text));
}

function undecodable(what: string): Fault {
  return new Fault(
    "invalid_argument",
    `topic.decode: the event ${what}; publish through a topic client`,
  );
}
