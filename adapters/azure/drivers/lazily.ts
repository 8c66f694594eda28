/**
 * Runs an initialisation when its result is first needed and keeps it. A failed one is forgotten, so that one bad
 * moment at start-up does not fail an instance for the rest of its life.
 */
export function lazily<T>(initialise: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= initialise().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}
