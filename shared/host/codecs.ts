import type { HttpInput, HttpOutput, Schedule } from "#shared/function";

/** What the platform tells about an invocation beside its payload. */
export type InvocationMeta = {
  /** The platform's request id, or one of ours where it gives none. */
  readonly id: string;
  /** Milliseconds until the platform stops the invocation. */
  readonly remainingMs: () => number;
};

/**
 * One per cloud. `decode` and `encode` run in production. `emulate` and `render` are their inverses at the far
 * side of the vendor's own runtime library: what the cloud hands to that library, and what it gets back. The
 * local runtime and the tests invoke a function through them as that cloud does.
 */
export interface HttpCodec<Event, Result, NativeRequest = Event, NativeResponse = Result> {
  readonly runtime: string;
  /** Throws `invalid_argument` from `caller` for an event this cloud would not send. */
  decode(event: Event): HttpInput | Promise<HttpInput>;
  encode(output: HttpOutput): Result;
  emulate(input: HttpInput): NativeRequest;
  render(response: NativeResponse): HttpOutput | Promise<HttpOutput>;
}

/** A message as a platform's trigger delivers it. */
export type Delivery = {
  /** The platform's id of the message, by which it is acknowledged. */
  readonly handle: string;
  /** Our envelope, still as text. */
  readonly body: string;
  /** How often the platform has delivered it, from 1; 1 where the platform does not say. */
  readonly receiveCount: number;
  /** Messages of one group are handled in order; a failure stops the group (FIFO queues). */
  readonly group?: string | undefined;
};

/** What became of one delivery, after the adapter did what the broker cannot (delayed retry, dead letter). */
export type Settlement = { readonly handle: string; readonly done: boolean };

/** As {@link HttpCodec}, for the queue trigger. The result says per delivery whether the broker may forget it. */
export interface QueueCodec<Event, Result, NativeRequest = Event, NativeResponse = Result> {
  readonly runtime: string;
  /** The most deliveries one event can carry. */
  readonly maxBatch: number;
  /** Throws `invalid_argument` for an event that is none of this trigger's; nothing is acknowledged then. */
  decode(event: Event): readonly Delivery[];
  /** May throw where throwing is how this platform is told to redeliver. */
  encode(settlements: readonly Settlement[]): Result;
  emulate(queue: string, deliveries: readonly Delivery[]): NativeRequest;
  /** What the platform makes of an answer for the deliveries it sent. */
  render(response: NativeResponse, deliveries: readonly Delivery[]): readonly Settlement[];
}

/** As {@link HttpCodec}, for schedules. */
export interface ScheduleCodec<Event, NativeRequest = Event> {
  readonly runtime: string;
  /** The schedule in this cloud's dialect. */
  compile(schedule: Schedule): string;
  /** The five-field cron that a native expression of ours stands for; the inverse of `compile`. */
  parse(expression: string): string;
  /** The slot an event stands for, in epoch milliseconds; where the cloud says only when it fired, the minute. */
  decode(event: Event): { readonly slotMs: number; readonly firedAtMs: number };
  emulate(slotMs: number, firedAtMs: number): NativeRequest;
}
