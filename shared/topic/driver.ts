import type { Code } from "#shared/errors";
import type { DriverSendResult } from "#shared/queue";
import type { CloudEvent } from "./cloud-event.ts";

/**
 * The publishing half of a topic; each subscriber gets its events through a queue of its own, read by a queue codec.
 * One attempt, no retry. Resolves only after the events are durable.
 */
export interface TopicDriver {
  readonly name: string;
  /** The largest event, in bytes of its structured JSON, that the bus and the subscribers' queues take. */
  readonly maxEventBytes: number;
  /** One result per event, in order; throws when the topic as a whole failed. */
  publish(
    topic: string,
    events: readonly CloudEvent[],
    signal: AbortSignal | undefined,
  ): Promise<readonly DriverSendResult[]>;
  codeOf(error: unknown): Code | undefined;
  close(): Promise<void>;
}
