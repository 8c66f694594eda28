import type { Logger, Metrics, Trace } from "#shared/telemetry";
import type { Clients, Uses } from "./grant.ts";
import type { Clock, Random } from "./ports.ts";

/** What every handler gets, whatever it declared. */
export interface BaseContext {
  /** Of this attempt; a redelivered message has another one. */
  readonly id: string;
  readonly function: string;
  /** For log lines. Branching on it is refused by the architecture test. */
  readonly runtime: string;
  /** Taken from the authenticated identity, the message's envelope or the connection; never from input. */
  readonly tenant: string;
  /** Whose key the call came with, for who has to write it down; `undefined` where nobody called. */
  readonly subject: string | undefined;
  /** The webhook event that started this chain of invocations, if one did. */
  readonly event: string | undefined;
  /** Aborts shortly before the deadline, and when the invocation has ended. */
  readonly signal: AbortSignal;
  remainingMs(): number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly trace: Trace;
  /** Work that may finish after the answer is ready; it is awaited before the invocation is reported done. */
  defer(label: string, work: Promise<unknown>): void;
}

/** The context of a handler: the base and exactly the clients its `uses` grants. */
export type Context<U extends Uses = Uses> = BaseContext & Clients<U>;
