import type { Decision } from "#shared/console";
import { decodeTopicMessage } from "#shared/host";
import type { Envelope } from "#shared/queue";
import type { Fleet, FleetFunction } from "./gateway/fleet.ts";
import { TENANT } from "./gateway/tenant.ts";

/** A function that takes messages. */
export type Consumer = FleetFunction & {
  readonly queue: string;
  readonly visibilitySeconds: number;
};

/** A message that was leased from a broker. */
export type LeasedMessage = {
  readonly handle: string;
  readonly body: string;
  readonly receiveCount: number;
};

/** Messages of one queue that are being handled at once. */
export const MAX_IN_FLIGHT = 32;

/** How long a message rests that nothing could be done with, per delivery so far and at most. */
const REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** How long a message rests after so many deliveries that came to nothing. */
export function restMs(receiveCount: number): number {
  return Math.min(LONGEST_REST_MS, REST_MS * receiveCount);
}

/** Delivers one message on the decided host; true when its broker may forget it. Rejects when nothing answered. */
export async function deliver(
  fleet: Fleet,
  consumer: Consumer,
  message: LeasedMessage,
  decision: Decision,
): Promise<boolean> {
  const envelope = readEnvelope(message.body);
  const context = {
    tenant: envelope?.tenant ?? TENANT,
    event: envelope?.event ?? null,
    traceparent: envelope?.traceparent,
  };
  const { done } = await fleet.queue(consumer, consumer.queue, message, context, decision);
  return done;
}

/** A message's envelope; `undefined` for what cannot be read, which is the pipeline's to dead-letter. */
export function readEnvelope(body: string): Envelope | undefined {
  try {
    return decodeTopicMessage(body);
  } catch {
    return undefined;
  }
}
