import type { Code } from "#shared/errors";
import { lazily } from "#shared/function";

/** What Google's generated clients have in common. */
type GoogleClient = { initialize(): Promise<unknown>; close(): Promise<void> };

/** A client that is made, and its SDK loaded, on first use. */
export type Connection<C extends GoogleClient> = {
  /** The client, with its credentials found. Throws what the SDK throws where there are none. */
  get(): Promise<C>;
  close(): Promise<void>;
};

/**
 * Opens a client once. The SDK keeps a failed start for good, and with it every later call fails; so the start is
 * awaited here and a client that could not start is dropped: the next call tries anew.
 */
export function connectLazily<C extends GoogleClient>(load: () => Promise<C>): Connection<C> {
  const opened = lazily(async () => {
    const client = await load();
    await client.initialize();
    return client;
  });
  return {
    get: opened,
    async close() {
      const client = await opened.dismiss();
      await client?.close();
    },
  };
}

/** An attempt that has no answer by then has none: the portable classes' retries need room in an invocation. */
const ATTEMPT_TIMEOUT_MS = 10_000;

/** Call options for exactly one attempt: the SDK repeats unary calls by `retry`, streams by `retryRequestOptions`. */
export const singleAttempt = {
  timeout: ATTEMPT_TIMEOUT_MS,
  retry: null,
  retryRequestOptions: { retries: 0, noResponseRetries: 0 },
} as const;

/** A call whose answer comes in parts, as the SDK gives it. */
type AnswerStream = AsyncIterable<unknown> & { cancel(): void };

/** All parts of an answer. The signal ends the call, which then rejects. */
export async function collect(
  stream: AnswerStream,
  signal: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const cancel = (): void => stream.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const parts: unknown[] = [];
    for await (const part of stream) parts.push(part);
    return parts;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Runs a call that cannot be cancelled, and stops waiting for it when the signal fires: it may still happen then. */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return run();
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([run(), aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

// https://grpc.io/docs/guides/status-codes/
const codes: ReadonlyMap<unknown, Code> = new Map<unknown, Code>([
  [1, "cancelled"],
  [3, "invalid_argument"],
  [4, "deadline_exceeded"],
  [5, "not_found"],
  [6, "already_exists"],
  [7, "permission_denied"],
  [8, "resource_exhausted"],
  [9, "failed_precondition"],
  [10, "aborted"],
  [11, "invalid_argument"],
  [12, "unimplemented"],
  // A stream that the other side reset is INTERNAL: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
  [13, "unavailable"],
  [14, "unavailable"],
  [16, "unauthenticated"],
  // The search for credentials asks the metadata server over plain HTTP.
  ["ECONNREFUSED", "unavailable"],
  ["ECONNRESET", "unavailable"],
  ["ENOTFOUND", "unavailable"],
  ["ETIMEDOUT", "unavailable"],
]);

/** The category of an error by its gRPC status; `undefined` for what came from elsewhere. */
export function codeOfGoogle(error: unknown): Code | undefined {
  return codes.get(statusOf(error));
}

/** The gRPC status number, or a network error's name. */
export function statusOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, "code") : undefined;
}
