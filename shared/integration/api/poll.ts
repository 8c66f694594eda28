import type * as z from "zod";
import type { Api, ApiAnswer, ApiCall } from "./call.ts";

/** An operation of the vendor: over, or still under way when there was no more time to wait for it. */
export type Polled<T> = { readonly done: boolean; readonly state: T };

export type PollOptions<T> = {
  /** From the body, or the status: some vendors answer 202 until it is done. */
  readonly done: (state: T, status: number) => boolean;
  /** Before the second look; doubled after each. The vendor's own `Retry-After` comes first. */
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** For all waits together; what the invocation has left when left out, 0 to look once. */
  readonly maxWaitMs?: number;
};

/** Left for our own answer, and for what an action does with a result. */
const RESERVE_MS = 3_000;

/**
 * Looks at a long-running operation until it is done, waiting between looks ever longer. Stops with `done: false` while
 * there is still time to answer: an action then gives the operation's name to its caller, who asks again later.
 */
export async function poll<O extends z.ZodType>(
  api: Api,
  call: ApiCall<O>,
  options: PollOptions<z.output<O>>,
): Promise<Polled<z.output<O>>> {
  const { firstWaitMs = 500, longestWaitMs = 10_000 } = options;
  let leftMs = Math.min(
    options.maxWaitMs ?? Number.POSITIVE_INFINITY,
    api.remainingMs() - RESERVE_MS,
  );
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    const answer = await api.send(call);
    if (options.done(answer.body, answer.status)) return { done: true, state: answer.body };
    const pauseMs = Math.max(waitMs, askedMs(answer));
    if (pauseMs > Math.min(leftMs, api.remainingMs() - RESERVE_MS)) {
      return { done: false, state: answer.body };
    }
    leftMs -= pauseMs;
    await api.sleep(pauseMs);
  }
}

function askedMs({ headers }: ApiAnswer<unknown>): number {
  const seconds = headers["retry-after"];
  return seconds !== undefined && /^\d{1,5}$/.test(seconds) ? Number(seconds) * 1000 : 0;
}
