import { type Handlers, openChannel, parentPort } from "../ipc.ts";

/** A runtime's program as seen from inside. */
export type JoinedParent = {
  /** What the parent handed to this start. */
  readonly setup: unknown;
  /** Tells the parent, with what it has to know, that invocations can come. */
  readonly ready: (detail?: unknown) => void;
};

/**
 * What every runtime's program does first, before a bundle can listen to the same port: answers the parent's calls
 * by `methods`, and ends with the parent, however that ended.
 */
export function joinParent(methods: Handlers = {}): JoinedParent {
  const up = Promise.withResolvers<unknown>();
  openChannel(parentPort(), { ...methods, "host.ready": () => up.promise });
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent decides when we end.
  process.on("SIGINT", () => undefined);
  return {
    setup: JSON.parse(process.argv[2] ?? "null") as unknown,
    ready: (detail) => up.resolve(detail),
  };
}
