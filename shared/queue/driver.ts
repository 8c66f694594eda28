import type { Code } from "#shared/errors";

/** One message on its way into a queue: our envelope as text, and how long it stays invisible. */
export type OutgoingMessage = { readonly body: string; readonly delaySeconds: number };

/** Outcome of one message of a send; a batch may succeed in part. */
export type DriverSendResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: unknown };

/**
 * The sending half of a queue; the receiving half is the platform's trigger, read by a queue codec.
 * One attempt, no retry. Resolves only after the messages are durable.
 */
export interface QueueDriver {
  readonly name: string;
  /** The longest delay this queue can hold a message back, in seconds. */
  readonly maxDelaySeconds: number;
  /** The largest message body in bytes of UTF-8. */
  readonly maxBodyBytes: number;
  send(
    queue: string,
    messages: readonly OutgoingMessage[],
    signal: AbortSignal | undefined,
  ): Promise<readonly DriverSendResult[]>;
  codeOf(error: unknown): Code | undefined;
  close(): Promise<void>;
}
