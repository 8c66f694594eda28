import type { Envelope } from "#shared/queue";
import * as z from "zod";
import { CloudEvent } from "./cloud-event.ts";

/** What an event is in a subscriber's own queue: the body of an envelope. */
export const EventMessage = z.object({
  type: z.string(),
  source: z.string(),
  subject: z.string().optional(),
  data: CloudEvent.shape.data,
});

export type EventMessage = z.infer<typeof EventMessage>;

/** The envelope of an event's first attempt; from then on it is a message like any other. */
export function envelopeOf(event: CloudEvent): Envelope {
  const { id, type, source, subject, time, auteritytenant, traceparent, auterityevent } = event;
  return {
    v: 1,
    id,
    attempt: 1,
    enqueuedAtMs: Date.parse(time),
    tenant: auteritytenant,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(auterityevent === undefined ? {} : { event: auterityevent }),
    body: { type, source, ...(subject === undefined ? {} : { subject }), data: event.data },
  };
}
