import { setTimeout as sleep } from "node:timers/promises";
import type { QueueReceiver } from "./receiver.ts";

/** A service may overlook a message when it is asked once: it looks in some of its places only. */
const EMPTY_ANSWERS = 4;
const ASK_EVERY_MS = 150;

/** Takes every message that a queue shows now. */
export async function receiveAll(receiver: QueueReceiver, queue: string): Promise<string[]> {
  const bodies: string[] = [];
  for (let empty = 0; empty < EMPTY_ANSWERS;) {
    const received = await receiver.receive(queue, { limit: 1_000, leaseSeconds: 60 });
    bodies.push(...received.map(({ body }) => body));
    await Promise.all(received.map(({ handle }) => receiver.settle(queue, handle, "done")));
    empty = received.length === 0 ? empty + 1 : 0;
    await sleep(ASK_EVERY_MS);
  }
  return bodies;
}
