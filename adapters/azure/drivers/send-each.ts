import type { DriverSendResult, OutgoingMessage } from "#shared/queue";

/** Enough to hide the round trips, few enough for an instance's sockets. */
const AT_ONCE = 16;

/**
 * Sends messages one by one, some at a time, for brokers without a batch of separate results. Throws when none went
 * through: then it is the queue that failed.
 */
export async function sendEach(
  messages: readonly OutgoingMessage[],
  send: (message: OutgoingMessage) => Promise<void>,
): Promise<readonly DriverSendResult[]> {
  const results: DriverSendResult[] = [];
  for (let start = 0; start < messages.length; start += AT_ONCE) {
    const settled = await Promise.allSettled(messages.slice(start, start + AT_ONCE).map(send));
    results.push(...settled.map(resultOf));
  }
  const [first] = results;
  if (first?.ok === false && results.every(({ ok }) => !ok)) throw first.error;
  return results;
}

function resultOf(settled: PromiseSettledResult<void>): DriverSendResult {
  return settled.status === "fulfilled" ? { ok: true } : { ok: false, error: settled.reason };
}
