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
import { Publish, Send } from "./protocol.ts";

/**
 * Serves the engine to a host process. Messages it sends have `runtime` as their home; events go to who subscribed
 * here.
 */
export function serveEngine(
  engine: Engine,
  runtime: string,
  port: Port,
  subscriptions: readonly Subscription[] = [],
): Channel {
  return openChannel(port, engineHandlers(engine, runtime, subscriptions));
}

/** The engine's side of the protocol. */
export function engineHandlers(
  engine: Engine,
  runtime: string,
  subscriptions: readonly Subscription[],
): Handlers {
  const queue = engine.queue(runtime);
  const topic = engine.topic(runtime, subscriptions);
  return {
    ...stateHandlers(engine.state),
    "queue.send": answering(Send, queue, ({ queue: name, messages }) =>
      queue.send(name, messages, undefined),
    ),
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
