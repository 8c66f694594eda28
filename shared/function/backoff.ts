import type { Clock, Random } from "./ports.ts";

const FIRST_MS = 50;
const LONGEST_MS = 1_000;

/**
 * Waits before a repeated attempt: a random part of a time that doubles with each attempt made, at most a second
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, full jitter). Rejects with the signal's
 * reason when the invocation ends.
 */
export function backoff(
  ports: { readonly clock: Clock; readonly random: Random },
  attemptsMade: number,
  signal: AbortSignal,
  firstMs: number = FIRST_MS,
): Promise<void> {
  const ceilingMs = Math.min(LONGEST_MS, firstMs * 2 ** (attemptsMade - 1));
  return ports.clock.sleep(ceilingMs * ports.random.next(), signal);
}
