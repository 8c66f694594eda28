import { Fault } from "#shared/errors";
import type { TopicEvent } from "#shared/function";
import { decodeEnvelope, type Envelope } from "#shared/queue";
import { decodeCloudEvent, envelopeOf, EventMessage } from "#shared/topic";

/**
 * Reads a message of a subscriber's queue: an event as its bus put it there, or the envelope in which we sent it again.
 * Throws `invalid_argument` for what is neither.
 */
export function decodeTopicMessage(text: string): Envelope {
  return isCloudEvent(text) ? envelopeOf(decodeCloudEvent(text)) : decodeEnvelope(text);
}

/** The event in an envelope. Throws `invalid_argument` from `caller` for an envelope with something else in it. */
export function topicEvent({ id, enqueuedAtMs, body }: Envelope): TopicEvent<unknown> {
  const message = EventMessage.safeParse(body);
  if (!message.success) {
    throw new Fault("invalid_argument", "topic.load: the message holds no event of a topic", {
      origin: "caller",
    });
  }
  const { type, source, subject, data } = message.data;
  const about = subject === undefined ? {} : { subject };
  return { id, type, ...about, source, occurredAtMs: enqueuedAtMs, data };
}

/** Every event names the version of CloudEvents, and no envelope does; what is no JSON is for the envelope to refuse. */
function isCloudEvent(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && Object.hasOwn(json, "specversion");
  } catch {
    return false;
  }
}
