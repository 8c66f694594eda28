import type { BlobDriver } from "#shared/blob";
import { answering, stateHandlers } from "#shared/state";
import type { Subscription } from "#shared/topic";
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
import { MeterCall, Publish, Send } from "./protocol.ts";

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
    "meter.record": answering(MeterCall, engine.state, async ({ subject, lines }) =>
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
  const queue = engine.queue(runtime);
  const topic = engine.topic(runtime, subscriptions);
  return {
    ...stateHandlers(engine.state),
    "queue.send": answering(Send, queue, ({ queue: name, messages }) => {
      const placed = place(
        name,
        messages.map(({ body }) => body),
      );
      const chosen = placed === undefined ? queue : engine.queue(placed.home, placed.placement);
      return chosen.send(name, messages, undefined);
    }),
    "topic.publish": answering(Publish, topic, ({ topic: name, events }) =>
      topic.publish(name, events, undefined),
    ),
    ...blobHandlers(engine.blobs),
  };
}

function blobHandlers(blobs: BlobDriver): Handlers {
  return {
    "blob.put": answering(BlobPutCall, blobs, (put) => blobs.put(put, undefined)),
    "blob.head": answering(BlobAt, blobs, (at) => blobs.head(at, undefined)),
    "blob.get": answering(BlobGetCall, blobs, ({ at, range }) => blobs.get(at, range, undefined)),
    "blob.delete": answering(BlobDeleteCall, blobs, ({ at, condition }) =>
      blobs.delete(at, condition, undefined),
    ),
    "blob.list": answering(BlobListCall, blobs, (listing) => blobs.list(listing, undefined)),
    "blob.sign": answering(BlobSignCall, blobs, (signing) => blobs.sign(signing, undefined)),
  };
}
