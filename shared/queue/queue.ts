import { Fault } from "#shared/errors";
import type { ClientScope, Grant } from "#shared/function";
import type * as z from "zod";
import { type QueuePorts, QueueSender } from "./sender.ts";

/** A queue as a value: its name, what its messages look like, and how they are delivered. */
export interface QueueRef<Body = unknown> {
  readonly kind: "queue";
  readonly name: string;
  readonly schema: z.ZodType<unknown, Body>;
  /** After so many attempts a message goes to the dead-letter queue. */
  readonly maxAttempts: number;
  /** How long a delivered message stays hidden from others; longer than its handler may run. */
  readonly visibilitySeconds: number;
  /** The permission to send, for `uses`. */
  grant(verb: "send"): Grant<Pick<QueueSender<Body>, "send">>;
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Storage Queue names end at 63 characters, and `-dead` must fit. */
const MAX_NAME_LENGTH = 58;

/**
 * Declares a queue. Pure data; nothing is created. Throws `invalid_argument` for a name that no cloud would take
 * (https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata is the narrowest).
 */
export function queue<Body>(
  name: string,
  options: { schema: z.ZodType<unknown, Body>; maxAttempts?: number; visibilitySeconds?: number },
): QueueRef<Body> {
  if (!NAME.test(name) || name.length < 3 || name.length > MAX_NAME_LENGTH) {
    throw new Fault(
      "invalid_argument",
      `queue.define: "${name}" is no portable name; use kebab-case of 3 to ${MAX_NAME_LENGTH} characters`,
    );
  }
  const ref: QueueRef<Body> = {
    kind: "queue",
    name,
    schema: options.schema,
    maxAttempts: options.maxAttempts ?? 5,
    visibilitySeconds: options.visibilitySeconds ?? 60,
    grant: (verb) => ({
      kind: "queue",
      resource: name,
      verbs: [verb],
      definition: ref,
      connect(ports, scope) {
        const sender = openQueue(ref, ports, scope);
        return { send: (body, sendOptions) => sender.send(body, sendOptions) };
      },
    }),
  };
  return ref;
}

/** The sending side of a queue on behalf of an invocation, for code that is no function. */
export function openQueue<Body>(
  ref: QueueRef<Body>,
  ports: QueuePorts,
  scope: ClientScope,
): QueueSender<Body> {
  return new QueueSender(ref, ports, scope);
}

/** Where messages of a queue go that no attempt could handle. */
export function deadLetterQueue(name: string): string {
  return `${name}-dead`;
}
