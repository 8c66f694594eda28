import { lazily } from "#shared/function";
/** How a driver reaches AWS. What is left out the SDK takes from the function's environment. */
export type AwsConnection = {
  readonly region?: string;
  /** Another endpoint than the region's own: a private link, or an engine of ours in tests. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/**
 * Settings of every client: one attempt, because the portable classes retry and know what may be repeated; and
 * timeouts that throw, because the SDK's own are "never" and a Lambda may thaw with sockets that are long dead.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function clientConfig(connection: AwsConnection, requestTimeoutMs = 5_000) {
  return {
    ...connection,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}

/** Options of one call: it ends with its invocation. */
export function until(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** A client that is made on first use. */
export type LazyClient<T> = {
  get(): Promise<T>;
  /** Closes the client if there is one. */
  close(): Promise<void>;
};

/**
 * Makes a client on first use, so that a function which never needs it does not load its SDK. A failed attempt is
 * forgotten: the next call tries again.
 */
export function lazyClient<T extends { readonly client: { destroy(): void } }>(
  make: () => Promise<T>,
): LazyClient<T> {
  const made = lazily(make);
  return {
    get: made,
    async close() {
      const opened = await made.dismiss();
      opened?.client.destroy();
    },
  };
}
