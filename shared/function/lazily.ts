/** An initialisation that runs when its result is first needed. */
export type Lazily<T> = {
  (): Promise<T>;
  /** Forgets the result, which the next call makes anew; gives it to be closed, if there is one. */
  dismiss(): Promise<T | undefined>;
};

/**
 * Runs an initialisation when its result is first needed and keeps it. A failed one is forgotten, so that one bad
 * moment at start-up does not fail an instance for the rest of its life.
 */
export function lazily<T>(initialise: () => Promise<T>): Lazily<T> {
  let running: Promise<T> | undefined;
  const get = (): Promise<T> => {
    running ??= initialise().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
  return Object.assign(get, {
    async dismiss() {
      const result = await running?.catch(() => undefined);
      running = undefined;
      return result;
    },
  });
}
