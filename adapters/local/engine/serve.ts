import type { BlobDriver } from "#shared/blob";
import { Fault, toFault } from "#shared/errors";
import type { Subscription } from "#shared/topic";
import type * as z from "zod";
import { type Channel, type Handlers, openChannel, type Port } from "../ipc.ts";
import {
  BlobAt,
  BlobDeleteCall,
  BlobGetCall,
  BlobListCall,
  BlobPutCall,
  BlobSignCall,
} from "./blob-protocol.ts";
import type { Engine } from "./engine.ts";
import { Key, MeterCall, Publish, Range, Send, Transaction, Write } from "./protocol.ts";

/** What the gateway does for a host beside the engine. */
export type HostServices = {
  /** Gets what a message or a tick asked of other services. */
  readonly onUse: (subject: string, lines: string) => void;
  /** Chooses on which runtime's queue messages are to lie, and says why. */
  readonly place: (
    queue: string,
    bodies: readonly string[],
  ) => { readonly home: string; readonly placement: string } | undefined;
};

const ALONE: HostServices = { onUse: () => undefined, place: () => undefined };

/**
 * Serves the engine to a host process. Messages it sends have `runtime` as their home; events go to who subscribed
 * here.
 */
export function serveEngine(
  engine: Engine,
  runtime: string,
  port: Port,
  subscriptions: readonly Subscription[] = [],
  services: HostServices = ALONE,
): Channel {
  return openChannel(port, {
    ...engineHandlers(engine, runtime, subscriptions, services),
    "meter.record": checked(MeterCall, engine.state, async ({ subject, lines }) =>
      services.onUse(subject, lines),
    ),
  });
}

/** The engine's side of the protocol. */
export function engineHandlers(
  engine: Engine,
  runtime: string,
  subscriptions: readonly Subscription[],
  { place }: HostServices = ALONE,
): Handlers {
  const { state } = engine;
  const queue = engine.queue(runtime);
  const topic = engine.topic(runtime, subscriptions);
  return {
    "state.read": checked(Key, state, (key) => state.read(key, undefined)),
    "state.write": checked(Write, state, (write) => state.write(write, undefined)),
    "state.transact": checked(Transaction, state, (writes) => state.transact(writes, undefined)),
    "state.list": checked(Range, state, ({ to, after, ...range }) =>
      state.list({ ...range, to, after }, undefined),
    ),
    "queue.send": checked(Send, queue, ({ queue: name, messages }) => {
      const placed = place(
        name,
        messages.map(({ body }) => body),
      );
      const chosen = placed === undefined ? queue : engine.queue(placed.home, placed.placement);
      return chosen.send(name, messages, undefined);
    }),
    "topic.publish": checked(Publish, topic, ({ topic: name, events }) =>
      topic.publish(name, events, undefined),
    ),
    ...blobHandlers(engine.blobs),
  };
}

function blobHandlers(blobs: BlobDriver): Handlers {
  return {
    "blob.put": checked(BlobPutCall, blobs, (put) => blobs.put(put, undefined)),
    "blob.head": checked(BlobAt, blobs, (at) => blobs.head(at, undefined)),
    "blob.get": checked(BlobGetCall, blobs, ({ at, range }) => blobs.get(at, range, undefined)),
    "blob.delete": checked(BlobDeleteCall, blobs, ({ at, condition }) =>
      blobs.delete(at, condition, undefined),
    ),
    "blob.list": checked(BlobListCall, blobs, (listing) => blobs.list(listing, undefined)),
    "blob.sign": checked(BlobSignCall, blobs, (signing) => blobs.sign(signing, undefined)),
  };
}

function checked<S extends z.ZodType>(
  schema: S,
  driver: { codeOf(error: unknown): Fault["code"] | undefined },
  run: (params: z.output<S>) => Promise<unknown>,
): Handlers[string] {
  return async (params) => {
    const parsed = schema.safeParse(params);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join(".") || "call";
      throw new Fault("invalid_argument", `engine.serve: ${field} does not fit the protocol`);
    }
    try {
      return await run(parsed.data);
    } catch (thrown) {
      throw toFault(thrown, driver.codeOf(thrown) ?? "internal", { origin: "platform" });
    }
  };
}
